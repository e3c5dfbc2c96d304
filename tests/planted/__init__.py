"""Faults that are planted on purpose, to see that the tests notice them."""
