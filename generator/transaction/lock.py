"""The lock of a project: one command at a time changes it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ScaffoldError

PATIENCE = 10  # seconds
FILE = "scaffold.lock"


@contextmanager
def locked(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep every other command from changing the project at `root`.

    Raises `ScaffoldError` when another one does not end within `patience` seconds.
    """
    from filelock import FileLock, Timeout

    path = lock_file(root)
    lock = FileLock(path, timeout=patience)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        what = "Another scaffold command is changing this project."
        raise ScaffoldError(what, "Wait until it has ended, and run this again.") from error
    except OSError as error:
        cure = "Make sure that you can write to it."
        raise ScaffoldError(f"{path} cannot be locked: {error.strerror}.", cure) from error
    try:
        yield
    finally:
        lock.release()


def lock_file(root: Path) -> Path:
    """Return the file to lock: in the repository, where every user and container finds the same.

    A project outside of git has its lock in the user's cache, named by the project's place.
    """
    place = root.resolve()
    for folder in (place, *place.parents):
        if (git := _git_folder(folder)) is not None:
            return git / FILE
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
    return _private_folder() / f"{name}.lock"


def _git_folder(folder: Path) -> Path | None:
    """Return the folder that git keeps for a work tree at `folder`, None where there is none."""
    git = folder / ".git"
    if git.is_file():  # of a linked work tree or a submodule
        target = git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
        git = folder / target
    return git if git.is_dir() else None


def _private_folder() -> Path:
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home, as in some containers
        return Path(tempfile.gettempdir()) / f"scaffold-{os.getuid()}" / "locks"
    return caches / "scaffold" / "locks"
