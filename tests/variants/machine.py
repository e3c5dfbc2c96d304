"""What this machine keeps between runs of the tests: environments, type caches, renders, proofs.

All of it can be deleted at any time, and is made again.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

DAYS_KEPT = 30


def _folder() -> Path:
    named = os.environ.get("SCAFFOLD_TEST_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(caches) / "scaffold" / "tests"


# Read once, since some tests give themselves another home.
CACHE = _folder()
ENVIRONMENTS = CACHE / "environments"
TYPES = CACHE / "types"
RENDERS = CACHE / "renders"
PROOFS = CACHE / "proofs"


def type_cache(programs: Path) -> Path:
    """Return the folder where mypy keeps what it knows of that environment's libraries."""
    return TYPES / programs.parent.name


def used(path: Path) -> None:
    """Note that something in the cache was used, so that it is kept."""
    os.utime(path)


def sweep(folder: Path, days: float = DAYS_KEPT) -> None:
    """Delete what lies directly in the folder and was not used for so long."""
    oldest = time.time() - days * 24 * 3600
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # Another process sweeps, too.
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
