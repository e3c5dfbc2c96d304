"""What a template's versions tell the projects that are updated to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.versions.bundle import version_key

FILE = "templates/_shared/notes.yml"


@dataclass(frozen=True)
class Note:
    """What to tell, under which heading, and the answers of the projects that it concerns."""

    version: str
    show: str
    text: str
    when: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether a project with `answers` should know."""
        return all(answers.get(key) == value for key, value in self.when.items())


def load(root: Path, *, since: str, until: str) -> list[Note]:
    """Return the notes of the template at `root` for an update from one version to another.

    A development version has the notes of the release it counts towards.
    """
    path = root / FILE
    entries = yaml.safe_load(path.read_bytes()) if path.exists() else []
    return [
        note
        for note in (Note(**entry) for entry in entries)
        if since != until
        and version_key(since) < version_key(note.version)
        and version_key(note.version)[:3] <= version_key(until)[:3]
    ]
