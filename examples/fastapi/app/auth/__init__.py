"""Registering, logging in and out, and the tokens and mails for it."""
