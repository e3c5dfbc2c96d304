"""What is proven is remembered by its content, so that only what changed is proven again.

The name of a proof is a hash of all that a step reads. A step that passed leaves a file of that
name; a failure leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator.validate.commands import output

Tree = Mapping[str, bytes]

ABOUT_PYTHON = (
    "import platform, sqlite3, sys;"
    "print(sys.version, sys.platform, platform.machine(), 'sqlite', sqlite3.sqlite_version)"
)


def key(
    step: str,
    *,
    tree: Tree,
    environment: Iterable[str],
    suite: Tree,
    server: str,
) -> str:
    """Return the name of the proof that the step passes with all of this."""
    content = [step, digests(tree), list(environment), digests(suite), server]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def digests(files: Tree) -> list[tuple[str, str]]:
    """Return the hash of each file, in the order of their names."""
    return [(path, hashlib.sha256(files[path]).hexdigest()) for path in sorted(files)]


@cache
def frozen(programs: Path) -> tuple[str, ...]:
    """Return the Python of an environment, its SQLite, and the versions of its packages.

    Scaffold's own package is left out: projects do not depend on it.
    """
    python = output([str(programs / "python"), "-c", ABOUT_PYTHON])
    places = ("lib*/python*/site-packages", "Lib/site-packages")  # the latter on Windows
    found = [folder for place in places for folder in programs.parent.glob(f"{place}/*.dist-info")]
    packages = {folder.stem for folder in found if not folder.name.startswith("scaffold-")}
    return (python.strip(), *sorted(packages))


@dataclass(frozen=True)
class Proofs:
    """A folder of proofs; `again` proves what is known, too."""

    folder: Path
    again: bool = False

    def knows(self, name: str) -> bool:
        """Tell whether the proof is there."""
        return not self.again and (self.folder / name).exists()

    def remember(self, name: str, what: str) -> None:
        """Write a proof, whoever else may write the same one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".proof-")
        with os.fdopen(handle, "w") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {what}\n")
        Path(temporary).replace(self.folder / name)

    def prove(self, name: str, what: str, step: Callable[[], None]) -> bool:
        """Take the step unless it is known to pass; return whether it was known.

        What the step raises is passed on, and nothing is remembered.
        """
        if self.knows(name):
            return True
        step()
        self.remember(name, what)
        return False
