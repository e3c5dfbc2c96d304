"""Project scaffolder: starter backends that stay up to date."""

__version__ = "0.7.0"
