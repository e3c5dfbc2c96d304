"""The Pythons of this machine, and which of them runs a variant."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from .model import axes


class NoPythonError(RuntimeError):
    """No Python on this machine is new enough."""


@cache
def python_for(oldest: str) -> str:
    """Return the running Python where it is new enough, else the newest one that is found."""
    if sys.version_info >= _number(oldest):
        return sys.executable
    python, version = newest_python()
    if _number(version) >= _number(oldest):
        return python
    raise NoPythonError(f"there is no Python {oldest} or newer on this machine")


@cache
def newest_python() -> tuple[str, str]:
    """Return the newest Python that uv finds without a download, and its version as in `3.13`."""
    for version in map(str, reversed(axes()["python_version"])):
        if python := find_python(version):
            return python, version
    return sys.executable, f"{sys.version_info.major}.{sys.version_info.minor}"


@cache
def find_python(version: str) -> str | None:
    """Return the program of this Python, such as `3.13`, if the machine has it."""
    command = [find_uv_bin(), "python", "find", "--no-python-downloads", version]
    env = {**os.environ, "PATH": _search_path()}
    found = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return None if found.returncode else found.stdout.strip()


def _search_path() -> str:
    """Return PATH with all versions that pyenv has, since its shims run the chosen ones only."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    versions = map(str, sorted(pyenv.glob("versions/*/bin")))
    return os.pathsep.join([*versions, os.environ.get("PATH", os.defpath)])


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
