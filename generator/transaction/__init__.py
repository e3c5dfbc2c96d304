"""Applies a change to a project as a whole or not at all, across crashes."""
