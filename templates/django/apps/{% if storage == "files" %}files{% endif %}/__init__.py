"""Files that users upload."""
