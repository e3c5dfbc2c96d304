"""A generated project on disk: its answers file, its settings and its environment."""
