"""A change of a project: how it is wanted, what became of it, and the migration made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from generator.engine import advice as advising
from generator.engine import external_migrations, locking, planned
from generator.engine import migration as migrating
from generator.engine import pending as unfinished
from generator.engine.advice import Advice
from generator.engine.locking import Locked
from generator.engine.options import ChangeOptions
from generator.engine.planned import Change
from generator.merge.three_way import Conflict
from generator.project.dotenv import add_secret
from generator.project.project import uncommitted
from generator.project.record import Project
from generator.tree import matching

# What became of a change.
UNCHANGED, PLANNED, UNCOMMITTED = "unchanged", "planned", "uncommitted"
CHANGES_DATA = "changes data"
CONFLICTS, DONE = "conflicts", "done"


@dataclass(frozen=True)
class ChangeResult:
    """A change that was made or, by its `state`, was not.

    "uncommitted": it would overwrite edits that are in no commit, of the files in `uncommitted`.
    "changes data": it would lose or open data, as `change.data.losses` says. Nothing was written,
    and `carry_out` makes it all the same. `change` is None where the project
    was at the wanted version already. `locked` says what became of the lock file after it, and
    `migrations` has the text of each that was made with it.
    """

    command: str
    project: Project
    version: str
    state: str
    change: Change | None = None
    advice: Advice = field(default_factory=Advice)
    uncommitted: list[str] = field(default_factory=list)
    locked: Locked = field(default_factory=Locked)
    migrations: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """What happens to each file, by its path."""
        return {**(self.change.files if self.change else {}), **self.locked.files}

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """The files that a person has to look at."""
        return self.change.conflicts if self.change else ()


def make(
    command: str,
    project: Project,
    version: str,
    assigned: Mapping[str, Any],
    options: ChangeOptions,
) -> ChangeResult:
    """Bring `project` to `version` and the answers `assigned`, unless something is to be asked."""
    return decide(plan(command, project, version, assigned, options), options)


def plan(
    command: str,
    project: Project,
    version: str,
    assigned: Mapping[str, Any],
    options: ChangeOptions,
) -> ChangeResult:
    """Return the change that `command` would make; refused while another one is unfinished."""
    unfinished.check_none(project.root)
    # Each kind of template imports a third of the engine that the other does not need.
    if project.external:
        from generator.engine import external

        change = external.plan(project, version, assigned, options)
        advice = advising.advise(change)
        return ChangeResult(command, change.project, change.version, PLANNED, change, advice)
    from generator.engine import plan as own

    change = own.plan(
        project,
        version,
        assigned,
        force=options.force,
        owner=options.owner,
        rename=options.rename,
    )
    return ChangeResult(command, project, version, PLANNED, change, advising.advise(change))


def decide(result: ChangeResult, options: ChangeOptions) -> ChangeResult:
    """Carry a planned change out, unless there is nothing to do, or something to ask first."""
    change = result.change
    if change is None or not change.files:
        return replace(result, state=UNCHANGED)
    if options.dry_run:
        return replace(result, advice=locking.planned(result.advice, locking.due(change)))
    result = replace(result, uncommitted=[] if options.overwrite else not_committed(change))
    if not options.change_data and change.data.losses:
        return replace(result, state=CHANGES_DATA)
    return replace(result, state=UNCOMMITTED) if result.uncommitted else carry_out(result)


def carry_out(result: ChangeResult) -> ChangeResult:
    """Make a change that was planned, or held back for edits that are in no commit."""
    change = result.change
    if change is None or not change.files:
        return replace(result, state=UNCHANGED)
    conflicts = [asdict(conflict) for conflict in change.conflicts]
    lock = locking.due(change)
    told = locking.advised(result.advice, locking.step(lock))  # holds after a kill, too
    if change.conflicts:
        told = locking.advised(told, *external_migrations.left(change))
    about = {"command": result.command, "conflicts": conflicts, "advice": asdict(told)}
    planned.apply(change, about)
    if change.project.external is None and add_secret(change.project.root):
        result.advice.good_to_know.append("The setting SECRET_KEY was added to .env.")
    if change.conflicts:
        return replace(result, state=CONFLICTS, advice=told)
    locked = locking.after(change, lock)
    advice = locking.advised(result.advice, locked.step, *external_migrations.after(change))
    return replace(result, state=DONE, advice=advice, locked=locked)


def with_migration(result: ChangeResult, message: str) -> ChangeResult:
    """Make the migration of a change that was carried out without conflicts."""
    if result.state != DONE or result.change is None:
        return result
    made = migrating.make(result.change, message)
    advice = locking.advised(advising.advise(result.change, made), result.locked.step)
    return replace(result, advice=advice, migrations=made.files)


def not_committed(change: Change) -> list[str]:
    """Return the files that would change and have edits that git could not bring back.

    The migration tool's own snapshots do not count, since no person edits them.
    """
    edited = {path for path, file in change.before.items() if file != change.base.get(path)}
    where = change.facts.migrations
    made = matching([where.snapshots], edited) if where and where.snapshots else set()
    return sorted(uncommitted(change.project.root, edited - made))
