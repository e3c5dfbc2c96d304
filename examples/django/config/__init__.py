"""Settings and the map of the URLs. Start reading in settings.py."""
