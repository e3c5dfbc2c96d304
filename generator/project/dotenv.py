"""A project's settings file, `.env`."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

SECRET = re.compile(r"^SECRET_KEY=.*$", re.MULTILINE)


def write_env(project: Path) -> bool:
    """Write `.env` from `.env.example` with a random SECRET_KEY; only its owner can read it.

    Returns whether the project has settings at all.
    """
    try:
        example = (project / ".env.example").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    text = SECRET.sub(_new_secret(), example)
    descriptor = os.open(project / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True


def add_secret(project: Path) -> bool:
    """Add a random SECRET_KEY to a `.env` that lacks the one of `.env.example`; tell whether so."""
    env, example = project / ".env", project / ".env.example"
    if not env.is_file() or not example.is_file():
        return False
    text = env.read_text(encoding="utf-8")
    if SECRET.search(text) or not SECRET.search(example.read_text(encoding="utf-8")):
        return False
    end = "" if text.endswith("\n") or not text else "\n"
    with env.open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{end}{_new_secret()}\n")
    return True


def _new_secret() -> str:
    return f"SECRET_KEY={secrets.token_urlsafe(48)}"
