"""Three trees in, one tree and a list of conflicts out. Knows git, and nothing of templates."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import git
from generator.merge.by_file import merge_each_file
from generator.merge.by_git import merge_branches, moved_in, repository
from generator.tree import (
    SYMLINK,
    File,
    Tree,
    has_windows_line_ends,
    with_unix_line_ends,
    with_windows_line_ends,
)

YOURS = "yours"
SIDES = BASE, OURS, THEIRS = "base", "ours", "theirs"
MARKED = re.compile(rb"^(?:<{7} yours|\|{7} template-|>{7} template-)", re.MULTILINE)
SEPARATOR = re.compile(rb"^={7}\r?$", re.MULTILINE)
BASE_MARK = re.compile(rb"^\|{7} (?:[0-9a-f]{7,40}|base)\b", re.MULTILINE)


@dataclass(frozen=True)
class Conflict:
    """A file that a person has to look at; `marked` when both sides stand in it."""

    path: str
    reason: str
    marked: bool = False
    gone: bool = False  # the template has no such file any more


@dataclass(frozen=True)
class Merged:
    """The merged tree, what it leaves open, and what a person may want to know of it.

    `moved` tells the old name of each file that the template moved, `followed` of each that the
    user seems to have moved, and `doubtful` of each that is too unlike it to say. `sides` has the
    files with conflicts as each side has them.
    """

    tree: dict[str, File]
    conflicts: list[Conflict]
    kept_deletions: list[str]
    moved: dict[str, str]
    followed: dict[str, str]
    doubtful: dict[str, str]
    follows_moves: bool
    sides: dict[str, dict[str, File]]


def merge(base: Tree, ours: Tree, theirs: Tree, base_name: str, their_name: str) -> Merged:
    """Return `ours` with what changed from `base` to `theirs`.

    Line ends are those of `ours`. A file that `ours` deleted stays deleted, also where `theirs`
    moved it; one that it edited is never deleted, but a conflict. The names are for the marks in
    files with conflicts.
    """
    linked = {path for path in ours if _became_a_link(path, base, ours)}
    old, mine, new = (_unix(tree, without=linked) for tree in (base, ours, theirs))
    by_git = merge_branches(old, mine, new, YOURS, their_name)
    outcome = by_git or merge_each_file(old, mine, new, YOURS, their_name)
    tree = outcome.tree
    moved = {path: move.old for path, move in outcome.moved.items()}
    known = {*base, *(path for path, move in outcome.moved.items() if move.is_sure)}
    conflicts, kept_deletions = _judge(tree, outcome.stages, known)
    if conflicts:
        from generator.merge import structure  # it takes longer to import than most merges
    for conflict in list(conflicts):
        if conflict.marked:
            path, file = conflict.path, tree[conflict.path]
            named = BASE_MARK.sub(b"||||||| " + base_name.encode(), file.content)
            names = (YOURS, base_name, their_name)
            content, is_clean = structure.solve(path, outcome.stages[path], named, names)
            tree[path] = File(content, file.mode)
            if is_clean:
                conflicts.remove(conflict)
    tree = _with_line_ends(tree, base, ours, moved)
    tree.update((path, ours[path]) for path in linked)
    stages = dict(outcome.stages)
    for path in sorted(linked):
        if theirs.get(path) != base[path]:
            reason = "you replaced it by a link, and the template changed or dropped it"
            conflicts.append(Conflict(path, reason))
            sides = enumerate((base, ours, theirs), start=1)
            stages[path] = {number: side[path] for number, side in sides if path in side}
    return Merged(
        tree,
        conflicts,
        kept_deletions,
        moved,
        {path: move.old for path, move in outcome.followed.items()},
        {path: move.old for path, move in outcome.doubtful.items()},
        follows_moves=by_git is not None,
        sides=_sides(tree, stages, conflicts),
    )


def has_marks(file: File, before: File | None = None) -> bool:
    """Tell whether a mark of a conflict stands in `file`.

    The line between the sides underlines headings too: those that were there `before` are none.
    """
    if MARKED.search(file.content):
        return True
    known = len(SEPARATOR.findall(before.content)) if before else 0
    return len(SEPARATOR.findall(file.content)) > known


def moved_files(base: Tree, ours: Tree) -> dict[str, str]:
    """Return the old name of each file that `ours` seems to have moved, by its new name."""
    # A file that both have was not moved.
    gone, new = _unix(base, without=ours), _unix(ours, without=base)
    if not gone or not new:
        return {}
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        commits = {"base": gone, YOURS: new}
        moves = moved_in(repository(Path(folder), commits), YOURS)
    return {path: move.old for path, move in moves.items() if move.is_sure}


def diff(before: Tree, after: Tree) -> bytes:
    """Return the difference as git prints it, so that `git apply` can take it."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        both = repository(Path(folder), {"before": before, "after": after})
        options = ("-p", "--binary", "--no-renames", "--no-ext-diff", "--no-textconv")
        return git.read(both, "diff-tree", *options, "before", "after")


def _became_a_link(path: str, base: Tree, ours: Tree) -> bool:
    """Tell whether the user replaced a file of the template by a link, which git cannot merge."""
    return path in base and base[path].mode != SYMLINK and ours[path].mode == SYMLINK


def _unix(tree: Tree, without: Collection[str] = ()) -> dict[str, File]:
    return {path: with_unix_line_ends(file) for path, file in tree.items() if path not in without}


def _with_line_ends(
    tree: Tree, base: Tree, ours: Tree, moved: Mapping[str, str]
) -> dict[str, File]:
    """Return `tree` with the line ends of `ours`; a new file has those that most files have."""
    windows = {path for path, file in ours.items() if has_windows_line_ends(file.content)}
    shared = base.keys() & ours.keys()
    new_ones = len(shared & windows) > len(shared) / 2
    result = {}
    for path, file in tree.items():
        name = path if path in ours else moved.get(path, path)
        before = ours.get(path)
        if before is not None and with_unix_line_ends(before) == file:
            result[path] = before
        elif name in windows or (new_ones and name not in ours):
            result[path] = with_windows_line_ends(file)
        else:
            result[path] = file
    return result


def _sides(
    tree: Tree, stages: Mapping[str, Mapping[int, File]], conflicts: Iterable[Conflict]
) -> dict[str, dict[str, File]]:
    """Return the files with conflicts as each side has them, with the line ends of `tree`."""
    result: dict[str, dict[str, File]] = {side: {} for side in SIDES}
    for path in (conflict.path for conflict in conflicts):
        windows = has_windows_line_ends(tree[path].content)
        for number, file in stages[path].items():
            result[SIDES[number - 1]][path] = with_windows_line_ends(file) if windows else file
    return result


def _judge(
    tree: dict[str, File], stages: Mapping[str, Mapping[int, File]], known: Collection[str]
) -> tuple[list[Conflict], list[str]]:
    """Tell conflicts from deletions by the user, which stand: those go from `tree`.

    What is not `known` cannot have been deleted.
    """
    conflicts, kept_deletions = [], []
    for path, sides in sorted(stages.items()):
        if sides.keys() == {1, 3}:
            if path in known:
                tree.pop(path, None)
                kept_deletions.append(path)
        elif path not in tree:
            continue  # the old name of a file that was moved; its new names are listed too
        elif sides.keys() == {1, 2}:
            reason = "you edited it, and the template no longer has it"
            conflicts.append(Conflict(path, reason, gone=True))
        elif MARKED.search(tree[path].content):
            reason = "you and the template changed the same lines"
            conflicts.append(Conflict(path, reason, marked=True))
        else:
            reason = "you and the template changed it in incompatible ways"
            conflicts.append(Conflict(path, reason))
    return conflicts, kept_deletions
