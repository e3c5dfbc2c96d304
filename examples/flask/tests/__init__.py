"""Tests of what no package has alone. The others stand beside the code that they test."""
