"""Settings of the tests, which read neither `.env` nor the developer's environment."""

import os
from pathlib import Path

import environ

environ.Env.read_env(Path(__file__).parents[1] / ".env.example", overwrite=True)
os.environ |= {
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite:///test.db"),
    "LOG_LEVEL": "WARNING",
    "SECRET_KEY": "the-tests-sign-with-this-key-which-is-as-long-as-HS512-wants-it.",
    "RATE_LIMITS": "off",
}

from config.settings import *  # noqa: E402, F403

# The tests log in hundreds of times, and do not measure the cost of the hash.
PASSWORD_HASHERS = [
    "tests.hashers.CheapArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Otherwise each new test client would first read all static files of the admin site.
WHITENOISE_AUTOREFRESH = True
