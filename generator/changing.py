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
from generator.journal import Journal
from generator.merge import has_marks
from generator.project import ANSWERS_FILE, Project, find_project, uncommitted
from generator.sources import template_root
from generator.tree import read_file


def update(given: Mapping[str, Any]) -> int:
    """Bring the project to another template version, or end a change that has conflicts."""
    if given["continue"] or given["abort"]:
        _check_alone(given)
        force, as_json = given["force"], given["as_json"]
        return _end(_root(), abort=given["abort"], force=force, as_json=as_json)
    project = _open(given) if not given["check"] else look_at_project()
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
    project = _open(given)
    return _run("set", project, project.version, assigned, given)


def look_at_project() -> Project:
    """Return the project we are in; a change that was cut short is told of, and left as it is."""
    root = _root()
    waiting = journal.pending(root)
    if waiting and waiting.was_cut_short:
        change_report.cut_short(waiting.about["command"])
    return find_project(root)


def _open(given: Mapping[str, Any]) -> Project:
    """Return the project we are in, after bringing what was cut short there to its end."""
    root = _root()
    how = None if given["dry_run"] else journal.recover(root)
    if how:
        change_report.recovered(how)
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
    project = _open(given)
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
        command = waiting.about["command"]
        if waiting.was_cut_short:
            raise ConflictsError(f"A scaffold {command} was cut short.", cure)
        paths = ", ".join(conflict["path"] for conflict in open_conflicts(project.root, waiting))
        where = f" in {paths}" if paths else ", all resolved"
        raise ConflictsError(f"A scaffold {command} has conflicts{where}.", cure)
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
    edited = [path for path, file in change.before.items() if file != change.base.get(path)]
    touched = sorted(uncommitted(change.project.root, edited))
    if not touched:
        return
    shown = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" if touched[3:] else "")
    what = f"{shown} would change, with edits of yours that are not committed."
    if not (sys.stdin.isatty() and sys.stdout.isatty() and not given["as_json"]):
        raise ScaffoldError(what, "Commit them first, or add --yes.")
    click.confirm(f"{what} Go on?", abort=True)


def _end(root: Path, *, abort: bool, force: bool, as_json: bool) -> int:
    waiting = journal.pending(root)
    if waiting is None:
        raise UsageError("Nothing is waiting for its end here.", "See scaffold status.")
    command = waiting.about["command"]
    if abort:
        lost = journal.undo(root, force=force)
        change_report.ended(command, journal.ABORTED, lost=lost, as_json=as_json)
        return 0
    how = journal.recover(root)
    if journal.pending(root) is None:
        change_report.ended(command, how or journal.FINISHED, as_json=as_json)
        return 0
    still = open_conflicts(root, waiting)
    left = [conflict["path"] for conflict in still if conflict["marked"]]
    if left:
        change_report.unresolved(command, left, as_json=as_json)
        return CONFLICTS
    journal.close(root)
    notes = [f"{conflict['path']}: {conflict['reason']}." for conflict in still]
    notes += [
        f"{conflict['path']} had a conflict, and is not there any more."
        for conflict in waiting.about["conflicts"]
        if conflict["marked"] and read_file(root / conflict["path"]) is None
    ]
    change_report.ended(command, journal.FINISHED, left=notes, as_json=as_json)
    return 0


def open_conflicts(root: Path, waiting: Journal) -> list[dict[str, Any]]:
    """Return the conflicts of a change whose files have marks, or have none to look for."""
    found = []
    for conflict in waiting.about["conflicts"]:
        path = conflict["path"]
        file = read_file(root / path)
        if file and (not conflict["marked"] or has_marks(file, journal.original(root, path))):
            found.append(conflict)
    return found


def _check_alone(given: Mapping[str, Any]) -> None:
    """Refuse what has no meaning beside --continue or --abort."""
    end = "abort" if given["abort"] else "continue"
    allowed = {end, "as_json", *(["force"] if given["abort"] else [])}
    for name, value in given.items():
        if value and name not in allowed:
            option = "--" + name.replace("_", "-")
            raise UsageError(f"{option} and --{end} exclude each other.", "Keep one of them.")
