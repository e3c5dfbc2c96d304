"""The file that locks a project's dependencies: no file of the template, but made with its changes.

A change of the project comes first, all of it or nothing; the lock file follows. Where that fails,
making it is a step for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import git
from generator.engine import programs
from generator.engine.doctor_settings import Finding
from generator.errors import Interruption, ScaffoldError
from generator.project import install
from generator.project.project import is_in_git
from generator.project.record import Project
from generator.project.skips import skipped
from generator.questions.facts import Lock
from generator.questions.features import is_any_on
from generator.render.backend import facts_of
from generator.tree import read_file

if TYPE_CHECKING:
    from generator.engine.advice import Advice
    from generator.engine.planned import Change


@dataclass(frozen=True)
class Locked:
    """What became of the lock file, by its name, or the step that locks the dependencies."""

    files: Mapping[str, str] = field(default_factory=dict)
    step: str = ""


def is_needed(lock: Lock, answers: Mapping[str, Any]) -> bool:
    """Tell whether something in a project with these answers fails without the lock file."""
    return is_any_on(lock.needed_by, answers)


def due(change: Change) -> Lock | None:
    """Return what locks the dependencies, where that has to be done after `change`.

    That is where the lock file is missing, or may be out of date, and is not skipped.
    """
    if change.project.external:
        return None
    lock, root = facts_of(change.answers.get("framework")).lock, change.project.root
    if lock is None or lock.file in skipped(change.project, {lock.file}):
        return None
    if (root / lock.file).exists():
        return lock if change.files.get(lock.of, "deleted") != "deleted" else None
    return lock if is_needed(lock, change.answers) else None


def planned(advice: Advice, lock: Lock | None) -> Advice:
    """Return the `advice` for a change that is only planned."""
    if lock is None:
        return advice
    line = f"{lock.file} will be made or renewed with it: {lock.make}"
    return replace(advice, good_to_know=[*advice.good_to_know, line])


def step(lock: Lock | None, failure: str = "") -> str:
    """Return what a person has to do where `lock` is due; `failure` is what scaffold met with."""
    if lock is None:
        return ""
    what = f"{failure} Run it again" if failure else "Lock the dependencies"
    return f"{what}, and commit {lock.file}: {lock.make}"


def advised(advice: Advice, *steps: str) -> Advice:
    """Return `advice` with the `steps` that are not empty."""
    return replace(advice, you_must_do=[*advice.you_must_do, *filter(None, steps)])


def examine(project: Project, lock: Lock | None) -> Iterator[Finding]:
    """Yield what is to say of the lock file; nothing is written, and no network is needed."""
    root = project.root
    if lock is None or lock.file in skipped(project, {lock.file}):
        return
    needed = is_needed(lock, project.answers)
    if not (root / lock.file).exists():
        if needed:
            what = f"{lock.file} is missing, without which {' and '.join(lock.needed_by)} fail."
            yield Finding(what, f"{lock.make}, and commit it.")
        return
    try:
        _run(root, project.answers, lock.check)
    except ScaffoldError as error:
        what = f"{lock.file} is not up to date, as far as can be told offline: {error.message}"
        yield Finding(what, f"{lock.make}, and commit it.")
        return
    if needed and is_in_git(root) and _is_uncommitted(root, lock.file):
        yield Finding(f"{lock.file} is not committed yet.", "Commit it.", later=True)
    else:
        yield Finding(f"{lock.file} is up to date")


def _is_uncommitted(root: Path, file: str) -> bool:
    return bool(git.call(root, "status", "--porcelain", "--ignored", "--", file).stdout)


def make(root: Path, lock: Lock, answers: Mapping[str, Any]) -> dict[str, str]:
    """Make or renew the lock file; return what became of it, by name. Raises `ScaffoldError`."""
    before = read_file(root / lock.file)
    if lacking := programs.lacking(facts_of(answers.get("framework"))):
        raise ScaffoldError(lacking.what)
    _run(root, answers, lock.make)
    if before is None:
        return {lock.file: "added"}
    return {} if read_file(root / lock.file) == before else {lock.file: "changed"}


def after(change: Change, lock: Lock | None) -> Locked:
    """Lock the dependencies after `change`, where that is due."""
    if lock is None:
        return Locked()
    try:
        return Locked(make(change.project.root, lock, change.answers))
    except KeyboardInterrupt as error:
        what = f"Interrupted; the change is made, but for {lock.file}."
        raise Interruption(what, f"To go on: {lock.make}") from error
    except ScaffoldError as error:
        return Locked(step=step(lock, error.message))


def _run(root: Path, answers: Mapping[str, Any], command: str) -> None:
    ended = install.captured(root, answers.get("python_version", ""), command)
    if ended.code:
        raise ScaffoldError(f"{command} failed: {ended.reason.rstrip('.')}.")
