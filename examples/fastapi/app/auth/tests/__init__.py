"""Tests of registration, login, tokens and passwords."""
