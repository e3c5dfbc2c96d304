"""What is proven is remembered by its content, so that only what changed is proven again.

The key of a step is a hash of all that the step reads: the project's files, the versions in its
environment, the files of this repository that the step consists of, and its database server.
A step that passed leaves a file of that name in the machine's cache; a failure leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

Tree = Mapping[str, bytes]

# What Python programs do not read. A step gets a project without these files, which holds that
# they make no difference.
RECORD = ".copier-answers.yml"
INERT = (
    RECORD,
    ".dockerignore",
    ".github/",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    "AGENTS.md",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "compose.yaml",
)

ABOUT_PYTHON = (
    "import platform, sqlite3, sys;"
    "print(sys.version, sys.platform, platform.machine(), 'sqlite', sqlite3.sqlite_version)"
)


def live(tree: Tree) -> dict[str, bytes]:
    """Return the files of a project that its Python programs could read.

    Of its record there is left what the contract has to know: the resources without an owner.
    """
    files = {path: content for path, content in tree.items() if not path.startswith(INERT)}
    answers = yaml.safe_load(tree.get(RECORD, b"")) or {}
    ownerless = [
        {"plural": resource["plural"], "owner": "none"}
        for resource in answers.get("resources", [])
        if resource.get("owner") == "none"
    ]
    if ownerless:
        files[RECORD] = yaml.safe_dump({"resources": ownerless}).encode()
    return files


def key(step: str, *, tree: Tree, environment: Iterable[str], suite: Tree, server: str) -> str:
    """Return the name of the proof that the step passes with all of this."""
    content = [step, _digests(tree), list(environment), _digests(suite), server]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _digests(files: Tree) -> list[tuple[str, str]]:
    return [(path, hashlib.sha256(files[path]).hexdigest()) for path in sorted(files)]


@cache
def frozen(programs: Path) -> tuple[str, ...]:
    """Return the Python of an environment, its SQLite, and the versions of its packages.

    This repository's own package is left out: the tests run against its files.
    """
    python = subprocess.check_output([programs / "python", "-c", ABOUT_PYTHON], text=True)
    found = programs.parent.glob("lib*/python*/site-packages/*.dist-info")
    packages = {folder.stem for folder in found if not folder.name.startswith("scaffold-")}
    return (python.strip(), *sorted(packages))


@dataclass(frozen=True)
class Proofs:
    """A folder of proofs; `again` proves what is known, too."""

    folder: Path
    again: bool = False

    def knows(self, name: str) -> bool:
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
