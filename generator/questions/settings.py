"""The user's settings file: where it is, what it has, and the templates that it trusts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from generator.errors import UsageError

TRUST = "trust"
IGNORE = "Or ignore the file: --no-config."


def settings_file() -> Path:
    """Return where the settings are, whether or not there is such a file."""
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    if not Path(folder).is_absolute():  # the XDG specification has such a path ignored
        folder = os.environ.get("APPDATA", "") if os.name == "nt" else ""
    # Path.home() fails for users without a home folder, who have no settings.
    base = Path(folder or os.path.expanduser("~/.config"))  # noqa: PTH111
    return base / "scaffold" / "config.toml"


def trusted_prefixes() -> list[str]:
    """Return how the addresses of templates begin whose code the user lets run.

    Raises `UsageError` for settings that cannot be read.
    """
    path = settings_file()
    found = parsed(path).get(TRUST, [])
    if not isinstance(found, list) or not all(
        isinstance(prefix, str) and prefix for prefix in found
    ):
        what = f"{shown(path)}: trust is not a list of addresses."
        raise UsageError(what, 'Write: trust = ["gh:your-team/"]')
    return found


def shown(path: Path) -> str:
    """Return `path` as people write it, with `~` for their home."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def parsed(path: Path) -> dict[str, Any]:
    """Return the content of the settings file at `path`; raises `UsageError`."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return {}
    except OSError as error:
        what = f"{shown(path)} cannot be read: {error.strerror}."
        raise UsageError(what, f"Make it a file that you can read. {IGNORE}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)} is not UTF-8.", f"Save it as UTF-8. {IGNORE}") from error
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        cure = f"Correct it there; a text needs quotes. {IGNORE}"
        raise UsageError(f"{shown(path)} is not valid TOML: {error}.", cure) from error
