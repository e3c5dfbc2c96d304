"""What every part of the backend uses; imports nothing from the other packages."""
