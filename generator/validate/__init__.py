"""Proves that every variant of a template works: renders, checks, commands, updates, reports."""
