"""Code that all packages use; it imports nothing from them."""
