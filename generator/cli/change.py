"""What `update`, `add`, `remove` and `set` do, between the command line and the engine."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from generator.cli import change_output as change_report
from generator.cli.change_output import Recovered
from generator.engine import pending as waiting
from generator.engine import plan as engine
from generator.engine.advice import advise, with_conflicts
from generator.engine.plan import Change
from generator.errors import CONFLICTS, DECLINED, OUTDATED, ScaffoldError, UsageError
from generator.project.project import Project, uncommitted
from generator.questions import features
from generator.questions.answers import assignments
from generator.questions.catalog import load_questions
from generator.transaction import journal
from generator.versions import store
from generator.versions.bundle import version_key
from generator.versions.locate import template_root


def update(given: Mapping[str, Any]) -> int:
    """Bring the project to another template version, or end a change that has conflicts."""
    if given["continue"] or given["abort"]:
        return waiting.end(given)
    if given["check"]:
        return _check(given)
    project, recovered = waiting.open_project(given)
    version = _target(project, given["to"])
    if version == project.version and not journal.pending(project.root):
        change_report.unchanged("update", project, recovered=recovered, as_json=given["as_json"])
        return 0
    return _run("update", project, recovered, version, {}, given)


def add(words: Sequence[str], given: Mapping[str, Any]) -> int:
    """Turn features on."""
    return _turn("add", words, given, wanted=True)


def remove(words: Sequence[str], given: Mapping[str, Any]) -> int:
    """Turn features off."""
    return _turn("remove", words, given, wanted=False)


def set_(pairs: Sequence[str], given: Mapping[str, Any]) -> int:
    """Change answers."""
    assigned = assignments(pairs)
    project, recovered = waiting.open_project(given)
    return _run("set", project, recovered, project.version, assigned, given)


def _check(given: Mapping[str, Any]) -> int:
    project = waiting.look_at_project()
    version = _target(project, given["to"])
    change_report.check(project, version, as_json=given["as_json"])
    return 0 if version == project.version else OUTDATED


def _target(project: Project, word: str | None) -> str:
    known = store.versions()
    store.check_known(project.version, known)
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
    project, recovered = waiting.open_project(given)
    questions = load_questions(template_root())
    assigned = features.assignments(questions, project.answers, words, wanted=wanted)
    return _run(command, project, recovered, project.version, assigned, given)


def _run(
    command: str,
    project: Project,
    recovered: Recovered | None,
    version: str,
    assigned: Mapping[str, Any],
    given: Mapping[str, Any],
) -> int:
    waiting.check_none(project.root)
    change = engine.plan(project, version, assigned, force=given["force"])
    advice = advise(change)
    if change.files and not given["dry_run"]:
        if not _may_overwrite(change, given):
            change_report.declined()
            return DECLINED
        conflicts = [asdict(conflict) for conflict in change.conflicts]
        about = {"command": command, "conflicts": conflicts, "advice": asdict(advice)}
        engine.apply(change, about)
    change_report.change(
        command,
        change,
        with_conflicts(advice, change.conflicts),
        recovered=recovered,
        dry_run=given["dry_run"],
        diff=change.diff() if given["diff"] else None,
        as_json=given["as_json"],
    )
    return CONFLICTS if change.conflicts else 0


def _may_overwrite(change: Change, given: Mapping[str, Any]) -> bool:
    """Ask before files change whose edits git could not bring back; return the answer."""
    if given["yes"]:
        return True
    edited = [path for path, file in change.before.items() if file != change.base.get(path)]
    touched = sorted(uncommitted(change.project.root, edited))
    if not touched:
        return True
    shown = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" if touched[3:] else "")
    what = f"{shown} would change, with edits of yours that are not committed."
    if not (sys.stdin.isatty() and sys.stdout.isatty() and not given["as_json"]):
        raise ScaffoldError(what, "Commit them first, or add --yes.")
    return click.confirm(f"{what} Go on?")
