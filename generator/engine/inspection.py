"""A project as it is: its version, its drift, its unfinished change, and its owner's edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine import drift as drifting
from generator.engine import pending as unfinished
from generator.engine.drift import Drift
from generator.engine.opened import repository
from generator.engine.operations import open_project
from generator.engine.options import NO_OPTIONS, ChangeOptions
from generator.engine.target import newest_version
from generator.project.record import Project
from generator.transaction import journal
from generator.versions.bundle import version_key


@dataclass(frozen=True)
class Status:
    """A project's version and the newest one, its drift and its unfinished change.

    The `note` says why the newest version may not be known.
    """

    project: Project
    newest: str
    is_behind: bool
    drift: Drift
    pending: journal.Journal | None
    open_conflicts: list[dict[str, Any]]
    note: str = ""


def status(start: Path, options: ChangeOptions = NO_OPTIONS) -> Status:
    """Compare the project with what its template made, and its version with the newest."""
    project = open_project(start, options.record)
    pending = journal.pending(project.root)
    conflicts = unfinished.open_conflicts(project.root, pending) if pending else []
    drift = drifting.measure(project, options)
    if project.external is None:
        newest = newest_version(project)
        is_behind = version_key(newest) > version_key(project.version)
        return Status(project, newest, is_behind, drift, pending, conflicts)
    found = repository(project)
    current, wanted = found.current(), found.newest()
    shown = replace(project, version=found.shown(current))
    newest, note = found.shown(wanted), found.mirror.problem
    return Status(shown, newest, wanted != current, drift, pending, conflicts, note)


def diff(start: Path, paths: Sequence[Path] = (), options: ChangeOptions = NO_OPTIONS) -> bytes:
    """Return the owner's edits as git shows a difference; with `paths`, of those only."""
    project = open_project(start, options.record)
    return drifting.diff(project, [start / path for path in paths], options)
