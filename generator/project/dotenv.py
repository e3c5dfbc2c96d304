"""A project's settings file, `.env`."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from generator.text import read_settings

SETTING = "SECRET_KEY"


def write_env(project: Path) -> bool:
    """Write `.env` from `.env.example` with a random SECRET_KEY; only its owner can read it.

    Returns whether the project has settings at all.
    """
    try:
        example = (project / ".env.example").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    text = re.sub(rf"(?m)^{SETTING}=.*$", _new_secret(), example)
    descriptor = os.open(project / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True


def add_secret(project: Path) -> bool:
    """Add a random SECRET_KEY to a `.env` that lacks the one of `.env.example`; tell whether so."""
    env = project / ".env"
    if not env.is_file() or SETTING in read_env(env):
        return False
    if SETTING not in read_env(project / ".env.example"):
        return False
    content = env.read_bytes()
    end = b"" if content.endswith(b"\n") or not content else b"\n"
    with env.open("ab") as file:
        file.write(end + f"{_new_secret()}\n".encode())
    return True


def read_env(path: Path) -> dict[str, str]:
    """Return the values in a settings file by name; none where there is no file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    return read_settings(text)


def _new_secret() -> str:
    return f"{SETTING}={secrets.token_urlsafe(48)}"
