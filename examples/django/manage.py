"""Django's commands and this project's own: `python manage.py help`."""

import os
import secrets
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from apps.core.database import is_connection_failure

ROOT = Path(__file__).parent


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["dev"] and not (ROOT / ".env").exists():
        create_env_file()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except DatabaseError as error:
        if "--traceback" in sys.argv or not is_connection_failure(error):
            raise
        sys.exit(f"{str(error).splitlines()[0]} (Is DATABASE_URL right?)")


def create_env_file() -> None:
    """Copy .env.example to .env, with a new secret key."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    example = "SECRET_KEY=change-me-to-32-random-bytes-or-more"
    text = text.replace(example, f"SECRET_KEY={secrets.token_hex(32)}")
    env = ROOT / ".env"
    env.touch(mode=0o600)
    env.write_text(text, encoding="utf-8")
    print("Created .env from .env.example.")


if __name__ == "__main__":
    main()
