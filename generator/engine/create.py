"""`scaffold new`: build a project beside its place, and move it there in one step."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import git
from generator.engine import locking, monorepo
from generator.errors import ScaffoldError
from generator.project.dotenv import write_env
from generator.questions.facts import Lock, Monorepo
from generator.render.backend import facts_of, render
from generator.transaction.staging import staging_folder, sweep
from generator.versions import store
from generator.versions.locate import Source, find_source


@dataclass(frozen=True)
class NewProject:
    """What `scaffold new` made, or would have made; then `sizes` has the bytes of each file.

    Locking the dependencies took the `lock_milliseconds`, which are not in `milliseconds`; None
    where they are not locked.
    """

    path: Path
    answers: Mapping[str, Any]
    version: str
    files: list[str]
    milliseconds: int
    committed: bool = False
    lock_milliseconds: int | None = None
    notes: list[str] = field(default_factory=list)
    sizes: Mapping[str, int] = field(default_factory=dict)


def preview(target: Path, answers: Mapping[str, Any]) -> NewProject:
    """Render a project to learn its files and their sizes; nothing is left of it."""
    start = time.perf_counter()
    check_target(target)
    source = find_source()
    places = facts_of(answers["framework"]).monorepo
    answers = _placed(answers, places, monorepo.folder_of_new(target))
    version = store.version_of(source)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        files = build(answers, Path(folder), source, version)
        sizes = {file: (Path(folder) / file).stat().st_size for file in files}
    return NewProject(target, answers, version, sorted(files), milliseconds(start), sizes=sizes)


def create(
    target: Path, answers: Mapping[str, Any], *, use_git: bool = True, lock: bool = False
) -> NewProject:
    """Make the project `target`, whole or not at all.

    With `use_git`, it is a repository with one commit. With `lock`, that commit has a lock file, as
    with answers that need one. Raises `ScaffoldError`, or `OSError` when the disk refuses.
    """
    start = time.perf_counter()
    check_target(target)
    sweep(target.parent)
    notes = []
    source = find_source()
    facts, around = facts_of(answers["framework"]), monorepo.folder_of_new(target)
    answers = _placed(answers, facts.monorepo, around)
    try:
        version = store.ensure(source)
    except (OSError, ScaffoldError) as error:
        version = store.version_of(source)
        notes.append(f"The template version was not stored, so updates will not find it: {error}")
    with staging_folder(target.parent, target.name) as folder:
        files = build(answers, folder, source, version)
        locking = time.perf_counter()
        locked = _lock(folder, answers, facts.lock, notes, wanted=lock)
        lock_milliseconds = milliseconds(locking)
        message = f"Start from scaffold's template {version}"
        committed = use_git and first_commit(folder, message, target, notes)
        move(folder, target)
    for step in monorepo.steps(target, facts.monorepo, answers, around, {}):
        notes.append(f"{step.why}: cd {target.name} && {step.command}")
    return NewProject(
        target,
        answers,
        version,
        sorted([*files, *locked]),
        milliseconds(start) - lock_milliseconds,
        committed,
        lock_milliseconds if locked else None,
        notes,
    )


def build(answers: Mapping[str, Any], folder: Path, source: Source, version: str) -> list[str]:
    """Render a project into `folder`, and return its files, those that are not committed too."""
    files = render(answers, folder, source, version)
    return [*files, ".env"] if write_env(folder) else files


def _placed(answers: Mapping[str, Any], places: Monorepo | None, folder: str) -> Mapping[str, Any]:
    """Return `answers` with that for a project in a `folder` of a repository."""
    if places is None or answers.get(places.answer):
        return answers
    return {**answers, **monorepo.answer(places, answers, folder)}


def check_target(target: Path) -> None:
    """Refuse a target that is something already; an empty folder is fine."""
    cure = "Choose another name, or move it away."
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ScaffoldError(f"{target} exists and is not a folder.", cure)
    if target.is_dir():
        entries = sorted(entry.name for entry in target.iterdir())
        if entries:
            shown = ", ".join(entries[:3]) + (", ..." if len(entries) > 3 else "")
            raise ScaffoldError(f"{target} exists and is not empty ({shown}).", cure)


def _lock(
    folder: Path, answers: Mapping[str, Any], lock: Lock | None, notes: list[str], *, wanted: bool
) -> Mapping[str, str]:
    """Lock the dependencies; without a network the project comes without a lock file."""
    if lock is None or not (wanted or locking.is_needed(lock, answers)):
        return {}
    try:
        return locking.make(folder, lock, answers)
    except ScaffoldError as error:
        notes.append(f"{error} When that is cured: {lock.make}, and commit {lock.file}.")
        return {}


def first_commit(folder: Path, message: str, target: Path, notes: list[str]) -> bool:
    """Make the repository of a project that is built in `folder`; `notes` say why there is none."""
    if git.belongs_to_repository(target):
        notes.append("This is inside a git repository already, so no new one was made.")
        return False
    try:
        git.run_git(folder, "init", "--quiet", "--initial-branch=main", "--template=")
        git.commit_all(folder, message)
    except git.GitMissingError:
        notes.append("git is not installed, so there is no repository: install it, then git init.")
        return False
    return True


def move(folder: Path, target: Path) -> None:
    """Rename `folder` to `target`; of two runs, the second finds the first one's project."""
    try:
        if os.name == "nt" and target.is_dir():
            target.rmdir()  # Windows does not rename onto a folder, not even an empty one
        folder.rename(target)
    except OSError as error:
        check_target(target)
        raise ScaffoldError(f"{target} could not be put in place: {error.strerror}.") from error


def milliseconds(start: float) -> int:
    """Return the time since `start`, which is a value of `time.perf_counter`."""
    return round((time.perf_counter() - start) * 1000)
