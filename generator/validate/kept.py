"""What validating keeps in the user's cache; all of it can be deleted, and is made again."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from generator.errors import ScaffoldError
from generator.files import user_cache

DAYS_KEPT = 30
READY = "ready"  # a file in a folder that was made to the end


def folder() -> Path:
    """Return the folder of proofs and environments; raises `ScaffoldError` without a home."""
    named = os.environ.get("SCAFFOLD_VALIDATE_CACHE")
    cache = user_cache()
    if named:
        return Path(named)
    if cache is None:
        raise ScaffoldError("There is no home directory.", "Set SCAFFOLD_VALIDATE_CACHE.")
    return cache / "validate"


def used(path: Path) -> None:
    """Note that something in the cache was used, so that it is kept."""
    os.utime(path)


def sweep(place: Path, days: float = DAYS_KEPT) -> None:
    """Delete what lies directly in the folder `place` and was not used for so long."""
    oldest = time.time() - days * 24 * 3600
    for path in place.glob("*"):
        with suppress(FileNotFoundError):  # Another process sweeps, too.
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return `folder`, which `make` makes anew if nobody has made it to the end before.

    Other processes that want the same one wait. What was not used for long beside it is deleted.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not _is_whole(folder):
            sweep(folder.parent)
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            (folder / READY).touch()
        used(folder)
    return folder


def _is_whole(folder: Path) -> bool:
    """Tell whether a folder was made to the end, and what its programs are linked to is there.

    The Python or Node that an environment was made with may have been uninstalled since.
    """
    return (folder / READY).exists() and all(p.exists() for p in folder.glob("bin/*"))
