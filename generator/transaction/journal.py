"""What stands on the disk of a change that was decided on and has not ended yet."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.tree import File, read_file

FOLDER = ".scaffold-update"
APPLYING, CONFLICTS, UNDOING, DONE = "applying", "conflicts", "undoing", "done"


@dataclass(frozen=True)
class Journal:
    """A change that was decided on: how far it is, and what it is about.

    `before` and `after` have the digests of the files that it changes.
    """

    state: str
    before: dict[str, str]
    after: dict[str, str]
    about: dict[str, Any]
    unresolved: bool = False

    @property
    def added(self) -> list[str]:
        """The files that are new."""
        return sorted(self.after.keys() - self.before.keys())

    @property
    def replaced(self) -> list[str]:
        """The files that get other content."""
        return sorted(self.after.keys() & self.before.keys())

    @property
    def deleted(self) -> list[str]:
        """The files that go."""
        return sorted(self.before.keys() - self.after.keys())

    @property
    def paths(self) -> set[str]:
        """All files that it concerns."""
        return {*self.before, *self.after}

    @property
    def was_cut_short(self) -> bool:
        """Tell whether it, or telling of it, is half done; else it waits with its conflicts."""
        return self.state != CONFLICTS


def pending(root: Path) -> Journal | None:
    """Return the change of the project at `root` that has not ended yet."""
    try:
        return Journal(**json.loads((root / FOLDER / "journal.json").read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        cure = "Look into it for files of yours, then delete it."
        raise ScaffoldError(f"{root / FOLDER} is damaged.", cure) from error


def original(root: Path, path: str) -> File | None:
    """Return the file at `path` as it was before the pending change."""
    return read_file(root / FOLDER / "old" / path)


def write(folder: Path, journal: Journal) -> None:
    """Put `journal` into `folder`, on the disk when this returns."""
    temporary = folder / "journal.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / "journal.json")
