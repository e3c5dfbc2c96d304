"""Tests of what no app has alone. The others stand beside the code that they test."""
