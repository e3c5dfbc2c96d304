"""How far renders are from the files of a project, counted in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.tree import File, Tree, read_file, with_unix_line_ends


@dataclass(frozen=True)
class Candidate:
    """A template version with answers to all its questions, and the project that they render.

    `tree` has the files that the template keeps up to date. In `apart` lines they differ from the
    project's.
    """

    version: str
    answers: Mapping[str, Any]
    tree: Tree
    apart: int


@dataclass
class Comparison:
    """The files of the project at `root` that renders have too, each read once.

    `known` are the paths of all renders so far. What the project has at one of them is the
    template's; whatever else it has is its owner's own, and counts for nothing.
    """

    root: Path
    known: set[str] = field(default_factory=set)
    _files: dict[str, File | None] = field(default_factory=dict)

    def file(self, path: str) -> File | None:
        """Return the project's file at `path` with Unix line ends; None where it has none."""
        if path not in self._files:
            found = read_file(self.root / path)
            self._files[path] = with_unix_line_ends(found) if found else None
        return self._files[path]

    def apart(self, render: Tree) -> int:
        """Return how many lines the files of `render` have more or fewer than the project's.

        A file that the project does not have counts as one line: to delete it is one edit.
        """
        self.known |= render.keys()
        pairs = [(file, self.file(path)) for path, file in render.items()]
        return sum(_difference(file, ours) if ours else 1 for file, ours in pairs)

    def distance(self, candidate: Candidate) -> int:
        """Return in how many lines the project differs from the render of `candidate`.

        A file of another render counts as well, where the project has it: all its lines are extra.
        """
        others = (self.file(path) for path in self.known - candidate.tree.keys())
        extra = sum(len(file.content.splitlines()) for file in others if file)
        return candidate.apart + extra


def _difference(one: File, other: File) -> int:
    """Count the lines that only one of two files has, wherever they stand."""
    if one.content == other.content:
        return 0
    first, second = (Counter(file.content.splitlines()) for file in (one, other))
    return (first - second).total() + (second - first).total()
