"""Folders to build in, beside the place that the result is moved to.

Each is a folder with a random name that has a marker file and, inside, the tree that is built. The
process at work holds a lock on the marker, which the system releases however the process ends. So
a folder whose marker can be locked was left behind by a process that was killed.
"""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files import SCRATCH_PREFIX

if TYPE_CHECKING:
    from filelock import BaseFileLock

MARKER = "scaffold-staging.lock"
NAME = re.compile(rf"(?:\..+)?{re.escape(SCRATCH_PREFIX)}[0-9a-f]{{16}}")
INTERRUPTIONS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def staging_folder(parent: Path, name: str = "") -> Iterator[Path]:
    """Yield an empty folder to build `name` in, on the same file system as `parent`.

    The caller renames it to its place, or leaves it to be removed. Raises `OSError`.
    """
    folder, lock = _random_name(parent, name), None
    try:
        while not (lock := _claim(folder)):
            folder = _random_name(parent, name)
        (folder / ".gitignore").write_text("*\n")
        tree = folder / "tree"
        tree.mkdir()
        yield tree
    finally:
        with uninterrupted():  # a second Ctrl-C must not leave half of it behind
            _remove(folder, lock)


def discard(folder: Path) -> None:
    """Remove `folder` in one step, also on a full disk; a later `sweep` ends what a kill stops."""
    with suppress(OSError):
        (folder / MARKER).touch()
    away = _random_name(folder.parent)
    folder.rename(away)
    _remove(away)


def sweep(parent: Path) -> None:
    """Remove the staging folders in `parent` whose process was killed, and nothing else."""
    for folder in parent.glob(f"*{SCRATCH_PREFIX}*"):
        if not NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            continue
        if (folder / MARKER).is_file():
            with suppress(OSError):  # it is in use, or somebody else's
                _remove(folder, _lock(folder))
        else:
            with suppress(OSError):  # of ours when it is empty: killed before the marker, or after
                folder.rmdir()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore what asks the process to end, Ctrl-C too, for the moment that the block takes.

    Only the main thread gets signals; in another one there is nothing to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A handler that is not Python's is None here, and could not be put back.
    numbers = [number for number in INTERRUPTIONS if signal.getsignal(number) is not None]
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _random_name(parent: Path, name: str = "") -> Path:
    prefix = f".{name}" if name else ""
    return parent / f"{prefix}{SCRATCH_PREFIX}{secrets.token_hex(8)}"


def _claim(folder: Path) -> BaseFileLock | None:
    """Make `folder` with a locked marker; return None when a sweeper was faster."""
    folder.mkdir()
    with suppress(FileNotFoundError, TimeoutError):
        lock = _lock(folder)
        if (folder / MARKER).exists():
            return lock
    return None


def _lock(folder: Path) -> BaseFileLock:
    from filelock import FileLock

    lock = FileLock(folder / MARKER, timeout=0)
    lock.acquire()
    return lock


def _remove(folder: Path, lock: BaseFileLock | None = None) -> None:
    """Remove `folder`, the marker last, so that a kill on the way leaves it to be swept."""
    with suppress(OSError):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != MARKER:
                entry.unlink()
    if lock:
        lock.release()  # before the marker goes: Windows removes no file that is open
    with suppress(OSError):
        if [entry.name for entry in folder.iterdir()] in ([], [MARKER]):
            (folder / MARKER).unlink(missing_ok=True)
            folder.rmdir()
