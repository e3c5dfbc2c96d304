"""The journal of a change that was begun and has not ended yet."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from generator.errors import UPGRADE, ScaffoldError
from generator.files import SCRATCH_PREFIX, replacing
from generator.tree import File, read_file

FOLDER = f"{SCRATCH_PREFIX}update"
NAME = "journal.json"
FORMAT = 1  # raise it when a scaffold that does not know the new content would do harm
APPLYING, CONFLICTS, UNDOING = "applying", "conflicts", "undoing"
DONE = "done"  # complete, to be removed: scaffold 0.3.0 wrote it when it was killed


@dataclass(frozen=True)
class Journal:
    """A change that was begun: how far it is, and what it is about.

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
        """Tell whether its process did not end it; else it waits with its conflicts."""
        return self.state != CONFLICTS


def pending(root: Path) -> Journal | None:
    """Return the journal of the change in the project at `root` that has not ended yet.

    Raises `ScaffoldError` for one that cannot be read, or that a newer scaffold wrote.
    """
    folder = root / FOLDER
    try:
        names = {entry.name for entry in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return _parse((folder / NAME).read_bytes())
    except FileNotFoundError as error:
        if NAME in names:  # the change ended just now
            return None
        raise _damaged(folder) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(folder) from error


def original(root: Path, path: str) -> File | None:
    """Return the file at `path` as it was before the pending change."""
    return read_file(root / FOLDER / "old" / path)


def side(root: Path, name: str, path: str) -> File | None:
    """Return the file at `path` as a side of the pending change's merge has it."""
    return read_file(root / FOLDER / name / path)


def write(folder: Path, journal: Journal) -> None:
    """Write `journal` into `folder`; a power cut after that does not lose it."""
    with replacing(folder / NAME, durable=True) as file:
        file.write_text(json.dumps({"format": FORMAT, **asdict(journal)}), encoding="utf-8")
        file.chmod(0o644)


def _parse(content: bytes) -> Journal:
    """Return what `write` wrote; raises `ValueError` or `TypeError` for anything else."""
    data = json.loads(content)
    number = data.get("format", 1) if isinstance(data, dict) else None
    if not isinstance(number, int) or number < 1:  # scaffold 0.1 to 0.3 wrote no number
        raise ValueError("no format")
    if number > FORMAT:
        raise ScaffoldError(f"A newer scaffold began the change in {FOLDER}.", UPGRADE)
    known = {field.name for field in fields(Journal)}
    journal = Journal(**{key: value for key, value in data.items() if key in known})
    if journal.state not in {APPLYING, CONFLICTS, UNDOING, DONE}:
        raise ValueError("no such state")
    if not all(isinstance(part, dict) for part in (journal.before, journal.after, journal.about)):
        raise TypeError("not a mapping")
    # A repository of somebody else's may come with a journal.
    if not all(_is_inside(Path(path)) for path in journal.paths):
        raise ValueError("a path out of the project")
    return journal


def _is_inside(path: Path) -> bool:
    names = {part.lower() for part in path.parts}
    return bool(names) and not path.is_absolute() and not names & {"..", ".git", FOLDER}


def _damaged(folder: Path) -> ScaffoldError:
    cure = (
        f"{folder / 'old'} has the files as they were before the change: copy back what you need, "
        f"then remove {folder}."
    )
    return ScaffoldError(f"The journal in {folder} is damaged.", cure)
