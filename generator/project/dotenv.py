"""A project's settings file, `.env`."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path


def write_env(project: Path) -> bool:
    """Write `.env` from `.env.example` with a random SECRET_KEY; only its owner can read it.

    Returns whether the project has settings at all.
    """
    try:
        example = (project / ".env.example").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    secret = secrets.token_urlsafe(48)
    text = re.sub(r"(?m)^SECRET_KEY=.*$", f"SECRET_KEY={secret}", example)
    descriptor = os.open(project / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True
