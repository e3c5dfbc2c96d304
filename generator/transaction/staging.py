"""Folders to build in, beside the place that the result is moved to.

A staging folder contains a marker, which its owner keeps locked, and the folder `tree`. So a later
command can tell what a killed one left behind from what is in use or not ours.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files import SCRATCH
from generator.transaction.signals import uninterrupted

if TYPE_CHECKING:
    from filelock import BaseFileLock

MARKER = "scaffold-staging.lock"
NAME = re.compile(rf"(\.[a-z0-9-]+)?{re.escape(SCRATCH)}\d+-[0-9a-f]{{8}}")


@contextmanager
def staging(parent: Path, name: str = "") -> Iterator[Path]:
    """Yield a new folder in `parent` to build `name` in; whatever happens, it is removed.

    What is to stay must be moved away. Raises `OSError`.
    """
    outer, lock = _begin(parent, name)
    try:
        (outer / ".gitignore").write_text("*\n")
        yield outer / "tree"
    finally:
        # A second Ctrl-C must not leave half of it behind.
        with uninterrupted():
            lock.release()
            _remove(outer)


def _begin(parent: Path, name: str) -> tuple[Path, BaseFileLock]:
    from filelock import FileLock

    while True:
        outer = _unused(parent, name)
        outer.mkdir()
        lock = FileLock(outer / MARKER)
        try:
            lock.acquire()
            (outer / "tree").mkdir()
        except FileNotFoundError:
            continue  # another command swept it, before it was locked
        return outer, lock


def mark(folder: Path) -> None:
    """Let `folder` be removed by `sweep` once it was given to `discard`."""
    (folder / MARKER).touch()


def discard(folder: Path) -> None:
    """Remove a marked `folder` by one rename, also on a full disk; `sweep` removes what is left."""
    away = _unused(folder.parent)
    folder.rename(away)
    _remove(away)


def sweep(parent: Path) -> None:
    """Remove the staging folders in `parent` whose owners were killed, and nothing else."""
    for folder in parent.glob(f".*{SCRATCH[1:]}*"):
        if not NAME.fullmatch(folder.name):
            continue
        if not (folder / MARKER).is_file():
            with suppress(OSError):
                folder.rmdir()  # its owner may have been killed before it wrote the marker
        elif _is_abandoned(folder):
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a staging folder, the marker last, so that what a kill leaves of it can be swept."""
    with suppress(OSError):
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name == MARKER):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
        folder.rmdir()


def _is_abandoned(folder: Path) -> bool:
    """Tell whether no process holds the marker, in another container either."""
    from filelock import FileLock, Timeout

    with suppress(Timeout, OSError), FileLock(folder / MARKER, timeout=0):
        return True
    return False


def _unused(parent: Path, name: str = "") -> Path:
    prefix = f".{name}" if name else ""
    # Earlier versions swept by the number of the process.
    return parent / f"{prefix}{SCRATCH}{os.getpid()}-{secrets.token_hex(4)}"
