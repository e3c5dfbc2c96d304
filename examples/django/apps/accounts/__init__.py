"""Users, their sessions and how they log in."""
