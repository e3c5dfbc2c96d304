"""Merges that conflict only because the project is formatted in its own way."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from generator.merge import three_way as merge
from generator.merge.three_way import Conflict, Merged
from generator.project.environment import formatted
from generator.questions.facts import Formatter
from generator.tree import (
    File,
    Tree,
    has_windows_line_ends,
    with_unix_line_ends,
    with_windows_line_ends,
)

# What a formatter adds, drops or exchanges: blanks, commas, brackets, line continuations, quotes
# with the letter before them.
LAYOUT = re.compile(rb"\bf(?=['\"])|[\s,()'\"\\]+")


def is_only_formatted(
    root: Path, formatter: Formatter | None, path: str, *, base: File, ours: File
) -> bool:
    """Tell whether `ours` is `base` as the formatter of the project at `root` leaves it."""
    if (
        formatter is None
        or not path.endswith(formatter.suffixes)
        or not _differ_in_layout(base, ours)
    ):
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
    """Return `merged` as it is with the template's files in the format of the project at `root`.

    `sides` and `names` are what `merge.merge` was given. Conflicts are tried again, and files that
    change are formatted, where the owner's have just the format. A project that keeps the
    template's format is returned as it is.
    """
    base, ours, _ = sides
    if formatter is None or not _has_own_format(formatter, base, ours):
        return merged
    for conflict in merged.conflicts:
        if conflict.path.endswith(formatter.suffixes):
            found = _as_formatted(root, formatter, merged, conflict.path, sides)
            if found:
                merged = _with(merged, conflict, merge.merge(*found, *names))
    conflicts = {conflict.path for conflict in merged.conflicts}
    changed = {
        path: file
        for path, file in merged.tree.items()
        if path.endswith(formatter.suffixes) and path not in conflicts and file != ours.get(path)
    }
    tree = {p: _in_format(root, formatter, p, file, ours.get(p)) for p, file in changed.items()}
    return replace(merged, tree=merged.tree | tree)


def _has_own_format(formatter: Formatter, base: Tree, ours: Tree) -> bool:
    return any(
        path.endswith(formatter.suffixes) and path in ours and _differ_in_layout(file, ours[path])
        for path, file in base.items()
    )


def _differ_in_layout(base: File, ours: File) -> bool:
    """Tell whether two files may differ in nothing but their format."""
    one, other = base.content, with_unix_line_ends(ours).content
    same_mode = base.mode == ours.mode
    return same_mode and one != other and LAYOUT.sub(b"", one) == LAYOUT.sub(b"", other)


def _in_format(
    root: Path, formatter: Formatter, path: str, file: File, before: File | None
) -> File:
    """Return a file in the project's format; as it is where the owner's `before` was not."""
    if before is not None and not _is_in_format(root, formatter, path, before):
        return file
    made = _text_in_format(root, formatter, path, file)
    if made is None:
        return file
    found = File(made, file.mode)
    return with_windows_line_ends(found) if has_windows_line_ends(file.content) else found


def _is_in_format(root: Path, formatter: Formatter, path: str, file: File) -> bool:
    return _text_in_format(root, formatter, path, file) == with_unix_line_ends(file).content


def _text_in_format(root: Path, formatter: Formatter, path: str, file: File) -> bytes | None:
    return formatted(root, formatter, path, with_unix_line_ends(file).content)


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
    made = _text_in_format(root, formatter, path, before)
    new = _text_in_format(root, formatter, path, other) if other else b""
    if made is None or made == before.content or new is None:
        return None
    if not _is_in_format(root, formatter, path, mine):
        return None
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
