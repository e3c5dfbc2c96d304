"""The lock of a project: only one `scaffold` at a time moves its files."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.errors import ScaffoldError
from generator.files import user_cache

NAME = "scaffold.lock"
TIMEOUT = 10.0  # seconds; moving the files of a change takes a fraction of one


@contextmanager
def project_lock(root: Path) -> Iterator[None]:
    """Hold the lock of the project at `root`; no other thread or process has it meanwhile.

    Raises `ScaffoldError` when another one keeps it for `TIMEOUT` seconds, or when its file cannot
    be written.
    """
    from filelock import FileLock, Timeout

    path = lock_file(root)
    # Whoever may write in the folder may take the lock: a repository can be shared by a group.
    mode = stat.S_IMODE(path.parent.stat().st_mode) & 0o666 | 0o600
    lock = FileLock(path, timeout=TIMEOUT, mode=mode)
    try:
        lock.acquire()
    except Timeout as error:
        what = "Another scaffold command is running in this project."
        raise ScaffoldError(what, "Wait until it has ended, then run this again.") from error
    except OSError as error:
        what = f"The lock file {path} cannot be written: {error.strerror}."
        raise ScaffoldError(what, f"Make sure that you can write to {path.parent}.") from error
    try:
        yield
    finally:
        lock.release()


def lock_file(root: Path) -> Path:
    """Return where the lock of the project at `root` is; its folder exists.

    It is the same for every process that works on the project, whatever its environment, when the
    project is in a git repository. It is not beside the project's files, where the user would see
    it. Raises `ScaffoldError` where no safe place can be found.
    """
    root = root.resolve()
    repository = _git_folder(root)
    if repository:
        return repository / NAME
    key = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return _own_folder() / f"{key}.lock"


def _git_folder(root: Path) -> Path | None:
    """Return git's folder for the working tree that `root` is in; None without one."""
    for folder in (root, *root.parents):
        place = folder / ".git"
        if place.is_file():  # a worktree or a submodule
            with suppress(OSError, ValueError):
                key, _, value = place.read_text(encoding="utf-8").partition(":")
                if key == "gitdir":
                    place = folder / value.strip()
        if (place / "HEAD").is_file():
            return place.resolve()
    return None


def _own_folder() -> Path:
    """Return a folder for locks that only this user can write to."""
    cache = user_cache()
    if cache:
        folder = cache / "locks"
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    return _temporary_folder()


def _temporary_folder() -> Path:
    """Return the folder for users without a home, in a place where everybody can write."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"scaffold-{owner}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    is_safe = stat.S_ISDIR(found.st_mode) and (
        os.name == "nt" or (found.st_uid == owner and not found.st_mode & 0o022)
    )
    if not is_safe:
        cure = "Set HOME to a folder that you can write to, or have that one removed."
        raise ScaffoldError(f"{folder} belongs to another user, or others can write to it.", cure)
    return folder
