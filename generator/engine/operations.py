"""Every operation on a project, with typed options and results.

Nothing here prints, asks or exits, and any of it may be called from a thread of a server. What
cannot be done is a `ScaffoldError`. `start` is a folder in the project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine import advice as advising
from generator.engine import drift as drifting
from generator.engine import pending as unfinished
from generator.engine import reunite as reuniting
from generator.engine.change import (
    PLANNED,
    UNCHANGED,
    ChangeResult,
    carry_out,
    decide,
    make,
    not_committed,
    plan,
)
from generator.engine.drift import Drift
from generator.engine.opened import repository
from generator.engine.options import NO_OPTIONS, ChangeOptions, UpdateOptions
from generator.engine.pending import Ended, project_root
from generator.engine.target import newest_version, target_version
from generator.engine.transition import Rename, ResourceRename
from generator.errors import ScaffoldError, UsageError
from generator.project.project import find_project, is_ours
from generator.project.record import Project
from generator.questions import edits, features
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import Resource
from generator.render.backend import backend_of
from generator.transaction import journal
from generator.versions.bundle import version_key
from generator.versions.locate import template_root


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
    project = _own_project(start)
    assigned = _features(project, words, wanted=True)
    return make("add", project, project.version, assigned, options)


def remove(start: Path, words: Sequence[str], options: ChangeOptions) -> ChangeResult:
    """Turn the features `words` off."""
    project = _own_project(start)
    assigned = _features(project, words, wanted=False)
    return make("remove", project, project.version, assigned, options)


def change_resources(
    start: Path,
    command: str,
    edit: Callable[[Sequence[Resource]], Sequence[Resource]],
    options: ChangeOptions,
) -> ChangeResult:
    """Give the project the resources that `edit` makes of those it has.

    Files that would go although they were edited are refused, unless `options.force`.
    """
    project = _own_project(start)
    resources = edit(resources_from_answer(project.answers["resources"]))
    return _with_resources(project, command, resources, options)


def _with_resources(
    project: Project, command: str, resources: Sequence[Resource], options: ChangeOptions
) -> ChangeResult:
    assigned = {"resources": [resource.answer() for resource in resources]}
    result = plan(command, project, project.version, assigned, options)
    if edited := [conflict.path for conflict in result.conflicts if conflict.gone]:
        what = f"{', '.join(edited)} would be deleted, with edits of yours."
        raise ScaffoldError(what, "If you mean it, add --force.")
    return decide(result, options)


def rename_field(
    start: Path, resource: str, old: str, new: str, options: ChangeOptions
) -> ChangeResult:
    """Give the field `old` of a resource the name `new`, in the code and in the database."""
    project = _own_project(start)
    known = resources_from_answer(project.answers["resources"])
    renamed = edits.with_renamed_field(known, resource, old, new)
    before, after = (
        next(f.answer() for one in side if one.name == resource for f in one.fields if f.name == n)
        for side, n in ((known, old), (renamed, new))
    )
    rename = Rename(resource, old, new, before, after)
    return _with_resources(project, "rename", renamed, replace(options, rename=rename))


def rename_resource(start: Path, name: str, new: str, options: ChangeOptions) -> ChangeResult:
    """Give a resource the name `new`, which is `NAME[/PLURAL]`, in the code and in the database."""
    project = _own_project(start)
    known = resources_from_answer(project.answers["resources"])
    facts = backend_of(template_root()).catalog().manifest.facts(project.answers.get("framework"))
    renamed = edits.with_renamed_resource(known, name, new, keeps_label=facts.keeps_labels)
    at = [resource.name for resource in known].index(name)
    rename = ResourceRename(known[at].answer(), renamed[at].answer())
    return _with_resources(project, "rename", renamed, replace(options, rename=rename))


def recover(start: Path) -> Ended | None:
    """Bring a change that was interrupted to its end; None where there is none.

    Call this before any other operation that changes the project: they refuse to begin.
    """
    return unfinished.recover(project_root(start))


def reunite(start: Path) -> ChangeResult | None:
    """Merge the answers of two branches that git merged, and make what they make together.

    None where there are no such branches, or where a change of ours is pending.
    """
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


def _own_project(start: Path) -> Project:
    project = open_project(start)
    if project.external:
        what = f"{project.name} comes from another template, {project.external.source}."
        raise UsageError(what, "Change its answers: scaffold set KEY=VALUE")
    return project


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


def _features(project: Project, words: Sequence[str], *, wanted: bool) -> dict[str, Any]:
    questions = backend_of(template_root()).catalog().questions
    return features.assignments(questions, project.answers, words, wanted=wanted)
