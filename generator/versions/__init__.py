"""Where template versions come from, and where they are kept for offline updates."""
