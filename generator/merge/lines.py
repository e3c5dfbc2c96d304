"""A three-way merge of lines that takes changes side by side, which git calls a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, order=True)
class Edit:
    """Lines `start` to `end` of the base become `lines`; `side` orders insertions at one place."""

    start: int
    end: int
    side: int
    lines: tuple[str, ...]


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """Return `base` with the changes of both, None where they overlap.

    Where both insert at one place, the lines of `theirs` come first.
    """
    before = base.splitlines(keepends=True)
    mine, new = edits(before, ours, 1), edits(before, theirs, 0)
    shared = {(edit.start, edit.end, edit.lines) for edit in mine}
    new = [edit for edit in new if (edit.start, edit.end, edit.lines) not in shared]
    if any(one.start < other.end and other.start < one.end for one in mine for other in new):
        return None
    result, position = [], 0
    for edit in sorted([*mine, *new]):
        if edit.start < position:
            return None  # into the middle of what the other side replaces
        result += [*before[position : edit.start], *edit.lines]
        position = edit.end
    return "".join([*result, *before[position:]])


def edits(before: list[str], text: str, side: int) -> list[Edit]:
    """Return what changes the lines `before` into `text`."""
    after = text.splitlines(keepends=True)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        Edit(start, end, side, tuple(after[from_:to]))
        for tag, start, end, from_, to in opcodes
        if tag != "equal"
    ]
