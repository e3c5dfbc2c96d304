"""Merging files by what they mean, where git finds a conflict in their lines.

A result counts only when it says what a merge of the data says, and has the comments of both sides.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from itertools import pairwise

from generator.merge import neighbours, python
from generator.merge.data import (
    Pick,
    Unmergeable,
    merge_into,
    refuse,
    take_base,
    take_ours,
    take_theirs,
)
from generator.merge.formats import Format, format_of, is_lock
from generator.merge.lines import Pieces, always, as_ours, clean, merge_lines, never, with_marks
from generator.merge.values import same, unordered
from generator.tree import SYMLINK, File

MARKED = re.compile(rb"(?ms)^<{7} .*?^>{7} [^\n]*\n")
PICKS: tuple[Pick, ...] = (take_base, take_ours, take_theirs)
Sides = tuple[str, str, str]


def solve(
    path: str, sides: Mapping[int, File], by_git: bytes, names: tuple[str, str, str]
) -> tuple[bytes, bool]:
    """Return a file in which git found a conflict with as few marks as can be, and if it has none.

    The `sides` are numbered as in git's index; the `names` are those of ours, base and theirs.
    """
    base, ours, theirs = (sides.get(number, File(b"")) for number in (1, 2, 3))
    if SYMLINK in {base.mode, ours.mode, theirs.mode}:
        return by_git, False
    pieces = merge(path, base.content, ours.content, theirs.content)
    if pieces is None:
        return by_git, False
    text = clean(pieces)
    if text is not None:
        return text.encode(), True
    marked = with_marks(pieces, *names).encode()
    is_better = format_of(path) or _lines_marked(marked) < _lines_marked(by_git)
    return (marked if is_better else by_git), False


def _lines_marked(content: bytes) -> int:
    return sum(part.count(b"\n") for part in MARKED.findall(content))


def merge(path: str, base: bytes, ours: bytes, theirs: bytes) -> Pieces | None:
    """Return `ours` with what changed from `base` to `theirs`, and the places where they clash.

    None where the kind of file is not known, or the files cannot be read as one.
    """
    if is_lock(path):
        return None
    try:
        sides = base.decode(), ours.decode(), theirs.decode()
        if path.endswith(".py"):
            return python.merge(*sides)
        form = format_of(path)
        if form is None:
            return merge_lines(*sides, neighbours.may_touch)
        return _by_lines(form, sides) or _by_editing(form, sides)
    except (ValueError, TypeError):
        return None


def _by_lines(form: Format, sides: Sides) -> Pieces | None:
    """Merge line by line, where all changes are side by side; None where the data says more."""
    merged = merge_lines(*sides, always)
    text = clean(merged)
    try:
        if (
            text is not None
            and _says(form, text, sides, refuse)
            and _has_comments(form, text, sides)
        ):
            return merged
    except Unmergeable:
        pass
    return None


def _by_editing(form: Format, sides: Sides) -> Pieces | None:
    """Merge value by value; those that both sides changed clash, and nothing else does."""
    try:
        text = form.edit(*sides, refuse)
        texts = [text, text, text]
    except Unmergeable:
        texts = [form.edit(*sides, pick) for pick in PICKS]
    found = {pick: text for pick, text in zip(PICKS, texts, strict=True) if text is not None}
    if len(found) < len(PICKS):
        return None
    with_comments = {pick: _with_comments(text, *sides[::2]) for pick, text in found.items()}
    return _checked(form, found, sides) or _checked(form, with_comments, sides)


def _with_comments(text: str, base: str, theirs: str) -> str:
    """Return `text` with the lines of comments that theirs added, each below the line above it."""
    lines, new = text.splitlines(keepends=True), theirs.splitlines(keepends=True)
    known = {*lines, *base.splitlines(keepends=True)}
    for above, line in pairwise(new):
        is_new = line.lstrip().startswith("#") and line not in known
        if is_new and lines.count(above) == new.count(above) == 1:
            lines.insert(lines.index(above) + 1, line)
    return "".join(lines)


def _checked(form: Format, texts: Mapping[Pick, str], sides: Sides) -> Pieces | None:
    """Return what texts that differ in what clashes give, None where that says something else."""
    if not all(_says(form, text, sides, pick) for pick, text in texts.items()):
        return None
    merged = merge_lines(texts[take_base], texts[take_ours], texts[take_theirs], never)
    is_exact = as_ours(merged) == texts[take_ours]
    if clean(merged) is not None:
        is_exact = len({*texts.values()}) == 1
    complete = _has_comments(form, with_marks(merged, "", "", ""), sides)
    return merged if is_exact and complete else None


def _says(form: Format, text: str, sides: Sides, pick: Pick) -> bool:
    """Tell whether `text` says what a merge of the data does."""
    base, ours, theirs = (form.read(side) for side in sides)
    merged = copy.deepcopy(ours)
    merge_into(merged, base, theirs, pick)
    try:
        found = form.read(text)
    except ValueError:
        return False
    return same(unordered(found), unordered(merged))


def _has_comments(form: Format, text: str, sides: Sides) -> bool:
    base, ours, theirs = (set(form.comment.findall(side)) for side in sides)
    comments = (ours & theirs) | (ours - base) | (theirs - base)
    return comments <= set(form.comment.findall(text))
