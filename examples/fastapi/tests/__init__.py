"""Tests of app/core and of the whole. The others stand beside the code that they test."""
