"""Every project that the templates can make: rendered, read, linted, and some of them run."""
