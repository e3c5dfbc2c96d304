"""Code that all apps share; only its commands import from other apps."""
