"""A project's next state: the same edits on another template version, or on other answers."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.engine import data_changes, monorepo
from generator.engine.data_changes import DataEffects
from generator.engine.formatting import merge_formatted
from generator.engine.relocation import Relocation, relocation
from generator.engine.transition import Renaming, ResourceRename
from generator.engine.trees import read_project, rendered
from generator.errors import UsageError
from generator.merge import three_way as merge
from generator.merge.three_way import Conflict
from generator.project.project import check_sealed
from generator.project.record import ANSWERS_FILE, Project
from generator.project.skips import skipped
from generator.questions import answers
from generator.questions.facts import Facts
from generator.questions.manifest import Manifest
from generator.render.backend import backend_of
from generator.transaction import apply as applying
from generator.tree import Tree, has_windows_line_ends, matching, with_windows_line_ends
from generator.versions import notes, store
from generator.versions.locate import template_root
from generator.versions.notes import Note


@dataclass(frozen=True)
class Change:
    """What a command would do to a project, complete: showing it and applying it are the same.

    `before` and `after` have the files that differ; `base` and `theirs` are the two renders.
    `data` is what becomes of data in the database. `commit` is that of somebody else's template;
    where it `runs_code`, that ends the change. `relocated` tells the old path
    of each file that is elsewhere since the resource which it belongs to has another name.
    """

    project: Project
    version: str
    answers: Mapping[str, Any]
    base: Tree
    theirs: Tree
    before: Tree
    after: Tree
    conflicts: list[Conflict]
    kept_deletions: list[str]
    forced: list[str]
    skipped: list[str]
    owned: list[str]
    moved: Mapping[str, str]
    followed: Mapping[str, str]
    doubtful: Mapping[str, str]
    follows_moves: bool
    sides: Mapping[str, Tree]
    news: list[Note]
    facts: Facts
    data: DataEffects
    commit: str = ""
    runs_code: bool = False
    relocated: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """What happens to each file that changes: added, changed or deleted."""
        return {
            path: "added" if path not in self.before
            else "changed" if path in self.after
            else "deleted"
            for path in sorted({*self.before, *self.after})
        }  # fmt: skip

    def diff(self) -> bytes:
        """Return the difference that applying it makes, as git prints it."""
        return merge.diff(self.before, self.after)


@dataclass(frozen=True)
class Wanted:
    """What a project is to become: the new render, and what its template says of it.

    `commit` is that of somebody else's template, whose code is run where it `runs_code`.
    """

    version: str
    theirs: Tree
    written_once: list[str]
    news: list[Note]
    manifest: Manifest
    data: DataEffects
    answers: Mapping[str, Any]
    commit: str = ""
    runs_code: bool = False

    def owned(self, paths: Collection[str]) -> set[str]:
        """Return those of `paths` that are the owner's once they are written."""
        return matching(self.written_once, paths) - self.snapshots(paths)

    def snapshots(self, paths: Collection[str]) -> set[str]:
        """Return those of `paths` that say what migrations have made, if the change brings one."""
        where = self.manifest.facts(self.answers.get("framework")).migrations
        is_known = self.data.transition and where and where.snapshots
        return matching([where.snapshots], paths) if where and is_known else set()


def plan(
    project: Project,
    version: str,
    assigned: Mapping[str, Any] | None = None,
    *,
    force: bool = False,
    owner: str | None = None,
    rename: Renaming | None = None,
) -> Change:
    """Return the change of `project` to `version` and to the answers `assigned`.

    Nothing is written. With `force`, files that the template has no longer go although they were
    edited. `owner` is the email address of the account that gets rows that had no owner. `rename`
    is what has another name in the assigned resources. Raises `ScaffoldError`.
    """
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        old = store.fetch(project.version, Path(folder))
        new = old if version == project.version else store.fetch(version, Path(folder))
        template = backend_of(new.root)
        catalog = template.catalog()
        recorded = catalog if new is old else backend_of(old.root).catalog()
        answers.check_recorded(recorded.questions, project.answers)
        _check_age(catalog.questions, assigned or {}, version)
        answered = answers.change(catalog, project.answers, assigned or {})
        given = assigned or {}
        answered |= monorepo.placed(project.root, catalog, recorded, answered, given)
        data = data_changes.effects(project, answered, catalog.manifest, given, owner, rename)
        base = rendered(project.answers, old, project.version)
        check_sealed(project, base[ANSWERS_FILE])
        answered |= data.answers
        theirs = rendered(answered, new, version, data.variables())
        news = notes.load(new.root, since=project.version, until=version)
        once, recorded_answers = template.written_once(), answers_in(theirs)
        wanted = Wanted(version, theirs, once, news, catalog.manifest, data, recorded_answers)
    ours = read_project(project.root, base, theirs)
    moves = None
    if isinstance(rename, ResourceRename):
        moves = relocation(rename, project.answers["resources"], base, theirs)
        ours |= moves.followers(project.root, ours)
    added = matching(wanted.written_once, theirs.keys() - base.keys() - ours.keys())
    needs_migration = moves is None or moves.folders
    if data.transition and needs_migration and not data.transition.migrations(added):
        what = f"Template {version} has no migration for this change yet."
        raise UsageError(what, "First: scaffold update")
    return between(project, base, ours, wanted, force=force, moves=moves)


def between(
    project: Project,
    base: Tree,
    ours: Tree,
    wanted: Wanted,
    *,
    force: bool = False,
    moves: Relocation | None = None,
) -> Change:
    """Return the change that merges `ours`, made from the render `base`, with what is wanted.

    With `moves`, files and names of a resource are exchanged on both sides before they are merged.
    """
    version, theirs = wanted.version, wanted.theirs
    before, mine = base, ours
    if moves:
        once, snapshots = wanted.owned({*base, *ours}), wanted.snapshots({*base, *ours})
        before, mine = (moves.applied(side, once, snapshots) for side in (base, ours))
    owned = wanted.owned({*before, *theirs})
    left_alone = skipped(project, {*before, *mine, *theirs})
    sides = (
        _without(left_alone, before),
        _without(left_alone, _with_record(project.record, mine, before)),
        _without(left_alone, _offered(before, mine, theirs, owned)),
    )
    names = f"template-{project.version}", f"template-{version}"
    facts = wanted.manifest.facts(project.answers.get("framework"))
    merged = merge.merge(*sides, *names)
    merged = merge_formatted(project.root, facts.formatter, merged, sides, names)
    tree, conflicts = merged.tree, merged.conflicts
    forced = [
        conflict.path
        for conflict in conflicts
        if conflict.gone and force and conflict.path in before
    ]
    for path in forced:
        del tree[path]
    return Change(
        project,
        version,
        wanted.answers,
        base,
        theirs,
        before={
            path: file
            for path, file in sorted(ours.items())
            if path not in left_alone and tree.get(path) != file
        },
        after={path: file for path, file in sorted(tree.items()) if ours.get(path) != file},
        conflicts=[conflict for conflict in conflicts if conflict.path not in forced],
        kept_deletions=merged.kept_deletions,
        forced=forced,
        skipped=sorted(path for path in left_alone if base.get(path) != theirs.get(path)),
        owned=sorted(path for path in owned if before.get(path) != theirs.get(path)),
        moved=merged.moved,
        followed=merged.followed,
        doubtful=merged.doubtful,
        follows_moves=merged.follows_moves,
        sides=merged.sides,
        news=[note for note in wanted.news if note.concerns(wanted.answers)],
        facts=facts,
        data=wanted.data,
        commit=wanted.commit,
        runs_code=wanted.runs_code,
        relocated={moves.path(path): path for path in ours if moves.path(path) != path}
        if moves
        else {},
    )


def _without(paths: Container[str], tree: Tree) -> Tree:
    return {path: file for path, file in tree.items() if path not in paths}


def _check_age(questions: Container[str], assigned: Iterable[str], version: str) -> None:
    """Refuse answers to questions that only a newer version than the project's asks."""
    unknown = [key for key in assigned if key not in questions]
    if unknown and unknown[0] in backend_of(template_root()).catalog().questions:
        what = f"Template {version} has no {unknown[0]} yet."
        raise UsageError(what, "First: scaffold update")


def apply(change: Change, about: Mapping[str, Any]) -> None:
    """Make the change, whole or not at all; `about` is told when it ends later."""
    applying.apply(
        change.project.root,
        change.before,
        change.after,
        about,
        unresolved=bool(change.conflicts),
        sides=change.sides,
    )


def _with_record(name: str, ours: Tree, base: Tree) -> Tree:
    """Return `ours` with a record that merges: that file is the generator's own."""
    if name not in base:
        return ours
    recorded = base[name]
    if name in ours and has_windows_line_ends(ours[name].content):
        recorded = with_windows_line_ends(recorded)
    return {**ours, name: recorded}


def answers_in(render: Tree) -> dict[str, Any]:
    """Return what the answers file of a render of ours has."""
    data: dict[str, Any] = yaml.safe_load(render[ANSWERS_FILE].content)
    return data


def _offered(base: Tree, ours: Tree, theirs: Tree, owned: set[str]) -> Tree:
    """Return what is merged of `theirs`: a file that is written once neither changes nor goes."""
    offered = {path: file for path, file in theirs.items() if path not in owned}
    for path in owned:
        if path in base:
            offered[path] = base[path]
        elif path not in ours:
            offered[path] = theirs[path]
    return offered
