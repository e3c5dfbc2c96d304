"""The backend. Start reading in main.py."""
