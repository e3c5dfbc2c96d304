"""The journal of an unfinished change: what was decided on, and how far it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from generator.errors import UPGRADE, ScaffoldError
from generator.files import replacing
from generator.tree import File, read_file

FOLDER = ".scaffold-update"
FILE = "journal.json"
FORMAT = 1  # versions 0.1 to 0.3 wrote none
APPLYING, CONFLICTS, UNDOING = "applying", "conflicts", "undoing"
DONE = "done"  # written by versions 0.2 and 0.3 only: applied, but not reported


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
        """The files that are deleted."""
        return sorted(self.before.keys() - self.after.keys())

    @property
    def paths(self) -> set[str]:
        """All files that it concerns."""
        return {*self.before, *self.after}

    @property
    def was_cut_short(self) -> bool:
        """Tell whether its files are half moved; else they are, and have conflicts."""
        return self.state != CONFLICTS


def pending(root: Path) -> Journal | None:
    """Return the unfinished change of the project at `root`, None where there is none.

    Keys that are not known are ignored. Raises `ScaffoldError` for a journal that cannot be read or
    has a newer format; its folder may hold the only copies of the owner's files.
    """
    folder = root / FOLDER
    try:
        data = json.loads((folder / FILE).read_bytes())
        if data.get("format", FORMAT) > FORMAT:
            raise ScaffoldError(f"A newer scaffold began the change in {folder}.", UPGRADE)
        return Journal(**{key.name: data[key.name] for key in fields(Journal) if key.name in data})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError, AttributeError) as error:
        cure = (
            f"{FOLDER}/old has the files as they were before the change: "
            f"copy back what you need, then remove {FOLDER}."
        )
        raise ScaffoldError(f"{folder / FILE} is damaged.", cure) from error


def original(root: Path, path: str) -> File | None:
    """Return the file at `path` as it was before the pending change."""
    return read_file(root / FOLDER / "old" / path)


def write(folder: Path, journal: Journal) -> None:
    """Put `journal` into `folder`; when this returns, it survives a power cut."""
    text = json.dumps({"format": FORMAT, **asdict(journal)})
    with replacing(folder / FILE, durable=True) as temporary:
        temporary.write_text(text, encoding="utf-8")
