"""Every operation on a project, with typed options and results.

Nothing here prints, asks or exits, and any of it may be called from a thread of a server. What
cannot be done is a `ScaffoldError`. `start` is a folder in the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.engine import advice as advising
from generator.engine import drift as drifting
from generator.engine import pending as unfinished
from generator.engine import plan as planning
from generator.engine import reunite as reuniting
from generator.engine.advice import Advice
from generator.engine.drift import Drift
from generator.engine.pending import Ended, project_root
from generator.engine.plan import Change
from generator.engine.target import newest_version, target_version
from generator.errors import ScaffoldError
from generator.merge.three_way import Conflict
from generator.project.dotenv import add_secret
from generator.project.project import find_project, uncommitted
from generator.project.record import Project
from generator.questions import features
from generator.render.backend import backend_of
from generator.transaction import journal
from generator.versions.bundle import version_key
from generator.versions.locate import template_root

# What became of a change.
UNCHANGED, PLANNED, UNCOMMITTED = "unchanged", "planned", "uncommitted"
CHANGES_DATA = "changes data"
CONFLICTS, DONE = "conflicts", "done"


@dataclass(frozen=True)
class ChangeOptions:
    """How a change is made.

    With `dry_run` it is only planned. With `force`, files that the template no longer has are
    deleted although they were edited. With `overwrite`, files change whose edits are in no commit.
    With `change_data`, the change is made although it loses or opens data in the database.
    `owner` is the email address of the account that gets rows which have no owner yet; a change
    that needs one raises `OwnerNeededError` without it.
    """

    dry_run: bool = False
    force: bool = False
    overwrite: bool = False
    change_data: bool = False
    owner: str | None = None


@dataclass(frozen=True)
class UpdateOptions(ChangeOptions):
    """How a project is updated: `to` this version, by default to the newest."""

    to: str | None = None


@dataclass(frozen=True)
class ChangeResult:
    """A change that was made or, by its `state`, was not.

    "uncommitted": it would overwrite edits that are in no commit, of the files in `uncommitted`.
    "changes data": it would lose or open data, as `change.data.losses` says. Nothing was written,
    and `carry_out` makes it all the same. `change` is None where the project
    was at the wanted version already.
    """

    command: str
    project: Project
    version: str
    state: str
    change: Change | None = None
    advice: Advice = field(default_factory=Advice)
    uncommitted: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """The files that a person has to look at."""
        return self.change.conflicts if self.change else ()


@dataclass(frozen=True)
class Status:
    """A project's version and the newest one, its drift and its unfinished change."""

    project: Project
    newest: str
    drift: Drift
    pending: journal.Journal | None
    open_conflicts: list[dict[str, Any]]

    @property
    def is_behind(self) -> bool:
        """Tell whether there is a newer version than the project's."""
        return version_key(self.newest) > version_key(self.project.version)


def update(start: Path, options: UpdateOptions) -> ChangeResult:
    """Bring the project to another version of its template."""
    project = open_project(start)
    version = target_version(project, options.to)
    if version == project.version and not journal.pending(project.root):
        return ChangeResult("update", project, version, UNCHANGED)
    return _change("update", project, version, {}, options)


def set_answers(start: Path, assigned: Mapping[str, Any], options: ChangeOptions) -> ChangeResult:
    """Change answers of the project; text is read as `--set` reads it."""
    project = open_project(start)
    return _change("set", project, project.version, assigned, options)


def add(start: Path, words: Sequence[str], options: ChangeOptions) -> ChangeResult:
    """Turn the features `words` on."""
    project = open_project(start)
    assigned = _features(project, words, wanted=True)
    return _change("add", project, project.version, assigned, options)


def remove(start: Path, words: Sequence[str], options: ChangeOptions) -> ChangeResult:
    """Turn the features `words` off."""
    project = open_project(start)
    assigned = _features(project, words, wanted=False)
    return _change("remove", project, project.version, assigned, options)


def carry_out(result: ChangeResult) -> ChangeResult:
    """Make a change that was planned, or held back for edits that are in no commit."""
    change = result.change
    if change is None or not change.files:
        return replace(result, state=UNCHANGED)
    conflicts = [asdict(conflict) for conflict in change.conflicts]
    about = {"command": result.command, "conflicts": conflicts, "advice": asdict(result.advice)}
    planning.apply(change, about)
    if add_secret(change.project.root):
        result.advice.good_to_know.append("The setting SECRET_KEY was added to .env.")
    return replace(result, state=CONFLICTS if change.conflicts else DONE)


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
    if journal.pending(root) or (found := reuniting.reunite(root)) is None:
        return None
    change = found.change
    uncommitted = [] if found.is_under_way else _not_committed(change)
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


def open_project(start: Path) -> Project:
    """Return the project that `start` is in."""
    return find_project(project_root(start))


def status(start: Path) -> Status:
    """Compare the project with what its template made, and its version with the newest."""
    project = open_project(start)
    newest = newest_version(project)
    pending = journal.pending(project.root)
    conflicts = unfinished.open_conflicts(project.root, pending) if pending else []
    return Status(project, newest, drifting.measure(project), pending, conflicts)


def diff(start: Path, paths: Sequence[Path] = ()) -> bytes:
    """Return the owner's edits as git shows a difference; with `paths`, of those only."""
    return drifting.diff(open_project(start), [start / path for path in paths])


def _features(project: Project, words: Sequence[str], *, wanted: bool) -> dict[str, Any]:
    questions = backend_of(template_root()).catalog().questions
    return features.assignments(questions, project.answers, words, wanted=wanted)


def _change(
    command: str,
    project: Project,
    version: str,
    assigned: Mapping[str, Any],
    options: ChangeOptions,
) -> ChangeResult:
    unfinished.check_none(project.root)
    change = planning.plan(project, version, assigned, force=options.force, owner=options.owner)
    result = ChangeResult(command, project, version, PLANNED, change, advising.advise(change))
    if not change.files:
        return replace(result, state=UNCHANGED)
    if options.dry_run:
        return result
    result = replace(result, uncommitted=[] if options.overwrite else _not_committed(change))
    if not options.change_data and change.data.losses:
        return replace(result, state=CHANGES_DATA)
    return replace(result, state=UNCOMMITTED) if result.uncommitted else carry_out(result)


def _not_committed(change: Change) -> list[str]:
    """Return the files that would change and have edits that git could not bring back."""
    edited = [path for path, file in change.before.items() if file != change.base.get(path)]
    return sorted(uncommitted(change.project.root, edited))
