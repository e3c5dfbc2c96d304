"""The Pythons of this machine, and which of them runs a variant."""

from __future__ import annotations

import sys
from functools import cache

from generator.validate.pythons import find_python

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


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
