"""Notes that a template version has for the projects that are updated to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from generator.versions.bundle import version_key

FILE = "templates/_shared/notes.yml"


@dataclass(frozen=True)
class Note:
    """A text, the heading it is shown under, and the answers of the projects it concerns."""

    version: str
    show: str
    text: str
    when: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether a project with `answers` should know."""
        return all(answers.get(key) == value for key, value in self.when.items())


def load(root: Path, *, since: str, until: str) -> list[Note]:
    """Return the notes of the template at `root` for an update from one version to another.

    A development version has the notes of the release it counts towards. Keys that this version of
    scaffold does not know are ignored: a template that needs them says so by its `min_scaffold`.
    """
    path = root / FILE
    entries = yaml.safe_load(path.read_bytes()) if path.exists() else []
    known = {item.name for item in fields(Note)}
    notes = [Note(**{key: entry[key] for key in entry if key in known}) for entry in entries]
    return [
        note
        for note in notes
        if since != until
        and version_key(since) < version_key(note.version)
        and version_key(note.version)[:3] <= version_key(until)[:3]
    ]
