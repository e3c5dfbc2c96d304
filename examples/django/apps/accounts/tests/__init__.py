"""Tests of registration, login, sessions, tokens, passwords and users."""
