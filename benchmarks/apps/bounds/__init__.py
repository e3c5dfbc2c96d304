"""What bounds the projects: each framework alone, and its server with the driver alone."""
