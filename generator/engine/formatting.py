"""Merges that conflict only because the project has a format of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from generator.merge import three_way as merge
from generator.merge.three_way import Conflict, Merged
from generator.project.environment import formatted
from generator.questions.facts import Formatter
from generator.tree import File, Tree, with_unix_line_ends

# What a formatter adds, drops or exchanges: blanks, commas, brackets, quotes, line continuations.
LAYOUT = re.compile(rb"[\s,()'\"\\]+")


def is_only_formatted(
    root: Path, formatter: Formatter | None, path: str, *, base: File, ours: File
) -> bool:
    """Tell whether `ours` is `base` as the formatter of the project at `root` leaves it."""
    if formatter is None or not path.endswith(formatter.suffixes) or base.mode != ours.mode:
        return False
    if LAYOUT.sub(b"", base.content) != LAYOUT.sub(b"", ours.content):
        return False
    made = formatted(root, formatter, path, base.content)
    return made == with_unix_line_ends(ours).content


def merge_formatted(
    root: Path,
    formatter: Formatter | None,
    merged: Merged,
    sides: tuple[Tree, Tree, Tree],
    names: tuple[str, str],
) -> Merged:
    """Return `merged` with its conflicts tried again on renders in the project's format.

    `sides` and `names` are what `merge.merge` was given. Only files that are in that format
    already are tried.
    """
    if formatter is None:
        return merged
    for conflict in merged.conflicts:
        if conflict.path.endswith(formatter.suffixes):
            found = _as_formatted(root, formatter, merged, conflict.path, sides)
            if found:
                merged = _with(merged, conflict, merge.merge(*found, *names))
    return merged


def _as_formatted(
    root: Path, formatter: Formatter, merged: Merged, path: str, sides: tuple[Tree, Tree, Tree]
) -> tuple[Tree, Tree, Tree] | None:
    """Return the file on the three sides, the template's formatted; None where that is no help."""
    base, ours, theirs = sides
    renamed = merged.followed.get(path) or merged.moved.get(path)
    files = [tree.get(path) or tree.get(renamed or path) for tree in (base, ours, theirs)]
    before, mine, other = files
    if before is None or mine is None:
        return None

    def in_format(file: File) -> bytes | None:
        return formatted(root, formatter, path, with_unix_line_ends(file).content)

    made, new = in_format(before), in_format(other) if other else b""
    if made in (None, before.content) or new is None:
        return None
    if in_format(mine) != with_unix_line_ends(mine).content:
        return None
    assert made is not None
    theirs_now = {path: File(new, other.mode)} if other else {}
    return {path: File(made, before.mode)}, {path: mine}, theirs_now


def _with(merged: Merged, conflict: Conflict, again: Merged) -> Merged:
    """Return `merged` with one file, its conflict and its sides as they came out again."""
    rest = {path: file for path, file in merged.tree.items() if path != conflict.path}
    sides = {
        side: {**{p: f for p, f in files.items() if p != conflict.path}, **again.sides[side]}
        for side, files in merged.sides.items()
    }
    others = [one for one in merged.conflicts if one is not conflict]
    return replace(
        merged,
        tree={**rest, **again.tree},
        conflicts=sorted([*others, *again.conflicts], key=lambda one: one.path),
        sides=sides,
    )
