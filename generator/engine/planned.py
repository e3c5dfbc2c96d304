"""A planned change of a project: three trees merged into one, shown or applied."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.engine.effects import DataEffects
from generator.engine.formatting import merge_formatted
from generator.merge import three_way as merge
from generator.merge.three_way import Conflict
from generator.project.record import Project
from generator.project.skips import skipped
from generator.transaction import apply as applying
from generator.tree import Tree, has_windows_line_ends, matching, with_windows_line_ends

if TYPE_CHECKING:
    from generator.engine.relocation import Relocation
    from generator.questions.facts import Facts
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
    facts: Facts
    data: DataEffects
    answers: Mapping[str, Any]
    commit: str = ""
    runs_code: bool = False

    def owned(self, paths: Collection[str]) -> set[str]:
        """Return those of `paths` that are the owner's once they are written."""
        return matching(self.written_once, paths) - self.snapshots(paths)

    def snapshots(self, paths: Collection[str]) -> set[str]:
        """Return those of `paths` that say what migrations have made, if the change brings one."""
        where = self.facts.migrations
        is_known = self.data.transition and where and where.snapshots
        return matching([where.snapshots], paths) if where and is_known else set()


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
    merged = merge.merge(*sides, *names)
    merged = merge_formatted(project.root, wanted.facts.formatter, merged, sides, names)
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
        facts=wanted.facts,
        data=wanted.data,
        commit=wanted.commit,
        runs_code=wanted.runs_code,
        relocated={moves.path(path): path for path in ours if moves.path(path) != path}
        if moves
        else {},
    )


def _without(paths: Container[str], tree: Tree) -> Tree:
    return {path: file for path, file in tree.items() if path not in paths}


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


def _offered(base: Tree, ours: Tree, theirs: Tree, owned: set[str]) -> Tree:
    """Return what is merged of `theirs`: a file that is written once neither changes nor goes."""
    offered = {path: file for path, file in theirs.items() if path not in owned}
    for path in owned:
        if path in base:
            offered[path] = base[path]
        elif path not in ours:
            offered[path] = theirs[path]
    return offered
