"""Merges the answers of two branches, and brings the project to what they make together.

Git has merged the files already, or stopped at conflicts. What the template makes of both branches'
answers may be more: a workflow has a step that builds the image only where both were chosen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine.effects import DataEffects
from generator.engine.plan import answers_in
from generator.engine.planned import Change, Wanted, between
from generator.engine.trees import read_project, rendered
from generator.merge import three_way as merge
from generator.merge.three_way import Conflict, Merged
from generator.project.branches import Branches, find_branches, stages, unmerged
from generator.project.record import ANSWERS_FILE, Project
from generator.questions import answers
from generator.questions.combine import Clash, combine
from generator.render.backend import backend_of
from generator.tree import File, Tree, read_file, with_unix_line_ends
from generator.versions import store
from generator.versions.bundle import version_key

OTHER_BRANCH = "the-other-branch"
REASON = "both branches changed the same lines"


@dataclass(frozen=True)
class Reunion:
    """The change that a project needs after a merge, and what it does not settle.

    `clashes` are answers of which ours were kept. Git still has the conflicts in the files `open`.
    """

    change: Change
    clashes: list[Clash]
    open: list[str]
    is_under_way: bool


@dataclass(frozen=True)
class Renders:
    """What the template made on each of the branches and where they parted."""

    base: Tree
    ours: Tree
    theirs: Tree


def reunite(root: Path) -> Reunion | None:
    """Return what the project needs after git merged branches that both changed its answers.

    None where git merged no such branches, or nothing is left to do. Nothing is written. Raises
    `ScaffoldError`.
    """
    branches = find_branches(root)
    if branches is None:
        return None
    answered, clashes = combine(*(side.answers for side in _sides(branches)))
    wanted, renders = _render(branches, answered)
    record = read_file(root / ANSWERS_FILE)
    if record and with_unix_line_ends(record) == wanted.theirs[ANSWERS_FILE]:
        return None
    together = merge.merge(renders.base, renders.ours, renders.theirs, "base", OTHER_BRANCH)
    base = _without_conflicts(together, renders.ours)
    ours = read_project(root, base, wanted.theirs)
    stopped = [path for path in unmerged(root) if path != ANSWERS_FILE]
    conflicted = [path for path in stopped if path in ours and b"\n>>>>>>> " in ours[path].content]
    lifted = {path: _lift(root, path, renders, wanted.theirs) for path in conflicted}
    settled = {path: merged for path, merged in lifted.items() if merged}
    mine = ours | {path: merged.tree[path] for path, merged in settled.items()}
    change = between(branches.ours, _with(wanted.theirs, conflicted, base), mine, wanted)
    return Reunion(
        _completed(change, ours, mine, settled),
        clashes,
        [path for path in stopped if path not in settled],
        branches.is_under_way,
    )


def _sides(branches: Branches) -> tuple[Project, Project, Project]:
    return branches.base, branches.ours, branches.theirs


def _render(branches: Branches, answered: Mapping[str, Any]) -> tuple[Wanted, Renders]:
    """Return what both branches together make, and what each of them did."""
    ours, theirs = branches.ours.version, branches.theirs.version
    version = max(ours, theirs, key=version_key)
    if ours == branches.base.version:
        version = theirs
    elif theirs == branches.base.version:
        version = ours
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        sources = {
            name: store.fetch(name, Path(folder))
            for name in {side.version for side in _sides(branches)}
        }
        new = sources[version]
        template = backend_of(new.root)
        catalog = template.catalog()
        assigned = {"resources": answered["resources"]} if "resources" in answered else {}
        complete = answers.change(catalog, answered, assigned)
        render = rendered(complete, new, version)
        wanted = Wanted(
            version,
            render,
            template.written_once(),
            [],
            catalog.manifest.facts(branches.ours.answers.get("framework")),
            DataEffects(),
            answers_in(render),
        )
        trees = [
            rendered(side.answers, sources[side.version], side.version) for side in _sides(branches)
        ]
    return wanted, Renders(*trees)


def _without_conflicts(merged: Merged, ours: Tree) -> dict[str, File]:
    """Return the merged renders; a file with a conflict is as the template made it on our side."""
    tree = dict(merged.tree)
    for path in (conflict.path for conflict in merged.conflicts):
        del tree[path]
        if path in ours:
            tree[path] = ours[path]
    return tree


def _lift(root: Path, path: str, renders: Renders, wanted: Tree) -> Merged | None:
    """Return the file in which git stopped, merged anew; None where that cannot be done.

    Each side is brought to the wanted render first, so that only edits of people can conflict.
    """
    sides = []
    found = stages(root, path)
    for number, render in enumerate((renders.base, renders.ours, renders.theirs), start=1):
        file = {path: File(found[number])} if number in found else {}
        one, other = ({path: tree[path]} if path in tree else {} for tree in (render, wanted))
        lifted = merge.merge(one, file, other, "base", OTHER_BRANCH)
        if lifted.conflicts or lifted.kept_deletions:
            return None
        sides.append(lifted.tree)
    base, ours, theirs = sides
    merged = merge.merge(base, ours, theirs, "base", OTHER_BRANCH)
    return merged if path in merged.tree else None


def _with(wanted: Tree, paths: list[str], base: Tree) -> dict[str, File]:
    """Return `base` with the files `paths` as they are wanted, so that they do not change."""
    rest = {path: file for path, file in base.items() if path not in paths}
    return rest | {path: wanted[path] for path in paths if path in wanted}


def _completed(change: Change, ours: Tree, mine: Tree, settled: Mapping[str, Merged]) -> Change:
    """Return `change` with the files that were merged anew, whose conflicts are its own."""
    differing = {path: mine[path] for path in settled if mine[path] != ours[path]}
    conflicts = list(change.conflicts)
    sides = {name: dict(files) for name, files in change.sides.items()}
    for merged in settled.values():
        conflicts += [Conflict(found.path, REASON, found.marked) for found in merged.conflicts]
        for name, files in merged.sides.items():
            sides[name] |= files
    return replace(
        change,
        before={**change.before, **{path: ours[path] for path in differing}},
        after={**change.after, **differing},
        conflicts=conflicts,
        sides=sides,
    )
