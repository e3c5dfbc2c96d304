"""Folders to build in, beside the place that the result will be moved to."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = ".scaffold-"
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def workshop(parent: Path, name: str = "") -> Iterator[Path]:
    """Make a folder in `parent` for building `name` in; whatever happens, it does not stay."""
    folder = _place(parent, name)
    try:
        folder.mkdir()
        yield folder
    finally:
        # A second Ctrl-C must not leave half of it behind.
        with deferred_signals():
            shutil.rmtree(folder, ignore_errors=True)


def discard(folder: Path) -> None:
    """Remove `folder` at one stroke, also on a full disk; what cannot go is swept later."""
    away = _place(folder.parent)
    folder.rename(away)
    shutil.rmtree(away, ignore_errors=True)


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let nothing but SIGKILL end the process for a moment."""
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in INTERRUPTIONS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def sweep(parent: Path) -> None:
    """Remove what runs that were killed left in `parent`."""
    for folder in parent.glob(f".*{MARK.lstrip('.')}*-*"):
        owner = folder.name.rpartition(MARK)[2].partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner), folder):
            shutil.rmtree(folder, ignore_errors=True)


def _place(parent: Path, name: str = "") -> Path:
    prefix = f".{name}" if name else ""
    return parent / f"{prefix}{MARK}{os.getpid()}-{secrets.token_hex(4)}"


def _is_running(pid: int, folder: Path) -> bool:
    if os.name == "nt":  # os.kill would end the process there; a day is longer than any run
        return time.time() - folder.stat().st_mtime < 86400
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
