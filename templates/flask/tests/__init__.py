"""Tests of app/core and of the whole application. The others are beside the code that they test."""
