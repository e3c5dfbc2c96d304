"""Replaces files atomically, and names what `scaffold` creates for its own use."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

SYNCED_AT_ONCE = 16
SCRATCH_PREFIX = ".scaffold-"  # how the names of our own folders in a project begin


@contextmanager
def replacing(target: Path, *, durable: bool = False) -> Iterator[Path]:
    """Yield an empty file beside `target`, which replaces it when the block ends without an error.

    A reader of `target` finds the old content or the new, never a part of it. A `durable`
    replacement also survives a power cut once the block has ended. Only the owner can read the
    file; set its permissions in the block where others shall.
    """
    handle, name = tempfile.mkstemp(prefix=f"{target.stem}.", suffix=".tmp", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if durable:
            sync(temporary)
        temporary.replace(target)
        if durable:
            sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Return once `path` is on the disk: a file's content, or the names in a folder.

    Folders are skipped where the system cannot do that. Raises `OSError`.
    """
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return
    # Windows flushes only what is open for writing.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not is_folder or error.errno not in {errno.EINVAL, errno.EBADF}:
            raise
    finally:
        os.close(handle)


def sync_all(paths: Sequence[Path]) -> None:
    """Sync many files at once, which a disk does in little more time than one."""
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as pool:
        list(pool.map(sync, paths))


def user_cache() -> Path | None:
    """Return the folder for the user's cached files; None for a user without a home folder."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scaffold"
    except RuntimeError:
        return None
