"""Every operation that changes a project, with typed options and results.

Nothing here prints, asks or exits, and any of it may be called from a thread of a server. What
cannot be done is a `ScaffoldError`. `start` is a folder in the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.engine import advice as advising
from generator.engine import pending as unfinished
from generator.engine.change import PLANNED, UNCHANGED, ChangeResult, carry_out, make, not_committed
from generator.engine.opened import repository
from generator.engine.options import ChangeOptions, UpdateOptions
from generator.engine.pending import Ended, project_root
from generator.engine.target import target_version
from generator.errors import ScaffoldError, UsageError
from generator.project.project import find_project, is_ours
from generator.project.record import Project
from generator.questions import features
from generator.render.backend import backend_of
from generator.transaction import journal
from generator.versions.locate import template_root


def update(start: Path, options: UpdateOptions) -> ChangeResult:
    """Bring the project to another version of its template."""
    project = open_project(start, options.record)
    if project.external:
        return _update_external(project, options)
    version = target_version(project, options.to)
    if version == project.version and not journal.pending(project.root):
        return ChangeResult("update", project, version, UNCHANGED)
    return make("update", project, version, {}, options)


def _update_external(project: Project, options: UpdateOptions) -> ChangeResult:
    found = repository(project)
    commit = found.target(options.to)
    if commit == found.current() and not journal.pending(project.root):
        shown = found.shown(commit)
        return ChangeResult("update", replace(project, version=shown), shown, UNCHANGED)
    return make("update", project, commit, {}, options)


def check(start: Path, word: str | None, record: str = "") -> tuple[Project, str]:
    """Return the project and the version that `word` names, by default the newest."""
    project = open_project(start, record)
    if project.external is None:
        return project, target_version(project, word)
    found = repository(project)
    current, newest = found.shown(found.current()), found.shown(found.target(word))
    return replace(project, version=current), newest


def set_answers(start: Path, assigned: Mapping[str, Any], options: ChangeOptions) -> ChangeResult:
    """Change answers of the project; text is read as `--set` reads it."""
    project = open_project(start, options.record)
    version = repository(project).current() if project.external else project.version
    return make("set", project, version, assigned, options)


def add(start: Path, words: Sequence[str], options: ChangeOptions) -> ChangeResult:
    """Turn the features `words` on."""
    project = own_project(start)
    assigned = _features(project, words, wanted=True)
    return make("add", project, project.version, assigned, options)


def remove(start: Path, words: Sequence[str], options: ChangeOptions) -> ChangeResult:
    """Turn the features `words` off."""
    project = own_project(start)
    assigned = _features(project, words, wanted=False)
    return make("remove", project, project.version, assigned, options)


def recover(start: Path) -> Ended | None:
    """Bring a change that was interrupted to its end; None where there is none.

    Call this before any other operation that changes the project: they refuse to begin.
    """
    return unfinished.recover(project_root(start))


def reunite(start: Path) -> ChangeResult | None:
    """Merge the answers of two branches that git merged, and make what they make together.

    None where there are no such branches, or where a change of ours is pending.
    """
    from generator.engine import reunite as reuniting  # few need it

    root = project_root(start)
    if journal.pending(root) or not is_ours(root):
        return None
    if (found := reuniting.reunite(root)) is None:
        return None
    change = found.change
    uncommitted = [] if found.is_under_way else not_committed(change)
    if uncommitted:
        what = f"{', '.join(uncommitted)} would change, with edits of yours in no commit."
        raise ScaffoldError(what, "Commit them first.")
    advice = advising.of_branches(advising.advise(change), found)
    return carry_out(
        ChangeResult("update", change.project, change.version, PLANNED, change, advice)
    )


def finish(start: Path) -> Ended:
    """Finish the pending change."""
    return unfinished.finish(project_root(start))


def abort(start: Path, *, force: bool = False) -> Ended:
    """Take the pending change back; with `force`, later edits of its files are lost."""
    return unfinished.abort(project_root(start), force=force)


def open_project(start: Path, record: str = "") -> Project:
    """Return the project that `start` is in, as its file `record` describes it."""
    return find_project(project_root(start), record)


def own_project(start: Path) -> Project:
    """Return the project that `start` is in; raises `UsageError` for one of another template."""
    project = open_project(start)
    if project.external:
        what = f"{project.name} comes from another template, {project.external.source}."
        raise UsageError(what, "Change its answers: scaffold set KEY=VALUE")
    return project


def _features(project: Project, words: Sequence[str], *, wanted: bool) -> dict[str, Any]:
    questions = backend_of(template_root()).catalog().questions
    return features.assignments(questions, project.answers, words, wanted=wanted)
