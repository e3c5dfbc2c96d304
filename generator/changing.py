"""What `update`, `add`, `remove` and `set` do, between the command line and the engine."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from generator import change as engine
from generator import change_report, features, journal, store
from generator.advice import advise
from generator.answers import assignments
from generator.catalog import load_questions
from generator.change import Change
from generator.errors import CONFLICTS, OUTDATED, ConflictsError, ScaffoldError, UsageError
from generator.history import version_key
from generator.merge import has_marks
from generator.project import ANSWERS_FILE, Project, find_project, uncommitted
from generator.sources import template_root
from generator.tree import read_file


def update(given: Mapping[str, Any]) -> int:
    """Bring the project to another template version, or end a change that has conflicts."""
    if given["continue"] or given["abort"]:
        if given["continue"] and given["abort"]:
            raise UsageError("--continue and --abort exclude each other.", "Keep one of them.")
        return _end(_root(), abort=given["abort"], as_json=given["as_json"])
    project = open_project()
    known = store.versions()
    store.check_known(project.version, known)
    version = _target(project, given["to"], known)
    if given["check"]:
        change_report.check(project, version, as_json=given["as_json"])
        return 0 if version == project.version else OUTDATED
    if version == project.version and not journal.pending(project.root):
        change_report.unchanged("update", project, as_json=given["as_json"])
        return 0
    return _run("update", project, version, {}, given)


def add(words: Sequence[str], given: Mapping[str, Any]) -> int:
    """Turn features on."""
    return _turn("add", words, given, wanted=True)


def remove(words: Sequence[str], given: Mapping[str, Any]) -> int:
    """Turn features off."""
    return _turn("remove", words, given, wanted=False)


def set_(pairs: Sequence[str], given: Mapping[str, Any]) -> int:
    """Change answers."""
    assigned = assignments(pairs)
    project = open_project()
    return _run("set", project, project.version, assigned, given)


def open_project() -> Project:
    """Return the project we are in, after bringing what was interrupted there to its end."""
    root = _root()
    if journal.recover(root):
        change_report.recovered()
    return find_project(root)


def _root() -> Path:
    """Return the folder of the project, which a change that was killed may have left unreadable."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / journal.FOLDER).is_dir() or (folder / ANSWERS_FILE).is_file():
            return folder
    return find_project(here).root  # which says that there is none


def _target(project: Project, word: str | None, known: list[str]) -> str:
    if word is not None:
        version = store.find_version(word, known)
        if version_key(version) < version_key(project.version):
            cure = "Updates go forward; git brings the older state back."
            raise UsageError(f"{version} is older than the project's {project.version}.", cure)
        return version
    newest = store.newest(project.version, known)
    is_newer = version_key(newest) > version_key(project.version)
    return newest if is_newer else project.version


def _turn(command: str, words: Sequence[str], given: Mapping[str, Any], *, wanted: bool) -> int:
    project = open_project()
    questions = load_questions(template_root())
    assigned = features.assignments(questions, project.answers, words, wanted=wanted)
    return _run(command, project, project.version, assigned, given)


def _run(
    command: str,
    project: Project,
    version: str,
    assigned: Mapping[str, Any],
    given: Mapping[str, Any],
) -> int:
    waiting = journal.pending(project.root)
    if waiting:
        cure = "Finish it: scaffold update --continue, or take it back: scaffold update --abort"
        raise ConflictsError(f"A scaffold {waiting.about['command']} has conflicts.", cure)
    change = engine.plan(project, version, assigned, force=given["force"])
    if change.files and not given["dry_run"]:
        _protect(change, given)
        engine.apply(change, {"command": command, "conflicts": list(map(asdict, change.conflicts))})
    change_report.change(
        command,
        change,
        advise(change),
        dry_run=given["dry_run"],
        diff=change.diff() if given["diff"] else None,
        as_json=given["as_json"],
    )
    return CONFLICTS if change.conflicts else 0


def _protect(change: Change, given: Mapping[str, Any]) -> None:
    """Ask before files change whose edits git could not bring back."""
    if given["yes"]:
        return
    dirty = uncommitted(change.project.root)
    touched = [
        path
        for path, file in sorted(change.before.items())
        if file != change.base.get(path) and (dirty is None or path in dirty)
    ]
    if not touched:
        return
    shown = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" if touched[3:] else "")
    what = f"{shown} would change, with edits of yours that are not committed."
    if not (sys.stdin.isatty() and sys.stdout.isatty() and not given["as_json"]):
        raise ScaffoldError(what, "Commit them first, or add --yes.")
    click.confirm(f"{what} Go on?", abort=True)


def _end(root: Path, *, abort: bool, as_json: bool) -> int:
    journal.recover(root)
    waiting = journal.pending(root)
    if waiting is None:
        raise UsageError("Nothing is waiting for its end here.", "See scaffold status.")
    command = waiting.about["command"]
    if abort:
        journal.undo(root)
        change_report.ended(command, "aborted", as_json=as_json)
        return 0
    conflicts = waiting.about["conflicts"]
    files = {c["path"]: read_file(root / c["path"]) for c in conflicts if c["marked"]}
    left = [path for path, file in files.items() if file and has_marks(file)]
    if left:
        change_report.unresolved(command, left, as_json=as_json)
        return CONFLICTS
    journal.close(root)
    change_report.ended(command, "finished", as_json=as_json)
    return 0
