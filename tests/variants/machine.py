"""What this machine keeps between runs of the tests: environments, type caches, renders, proofs.

All of it can be deleted at any time, and is made again.
"""

from __future__ import annotations

import os
from pathlib import Path


def _folder() -> Path:
    named = os.environ.get("SCAFFOLD_TEST_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(caches) / "scaffold" / "tests"


ROOT = Path(__file__).parents[2]
# Read once, since some tests give themselves another home.
CACHE = _folder()
ENVIRONMENTS = CACHE / "environments"
TYPES = CACHE / "types"
RENDERS = CACHE / "renders"
PROOFS = CACHE / "proofs"


def type_cache(programs: Path) -> Path:
    """Return the folder where mypy keeps what it knows of that environment's libraries."""
    return TYPES / programs.parent.name
