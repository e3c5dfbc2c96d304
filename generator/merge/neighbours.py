"""Changes side by side in a text of any kind, which git calls a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from generator.merge.lines import Edit

ALIKE = 0.6  # of two lines, one of which is the other, edited
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
GOES_ON = ("\\", ",", ":")  # how a line ends that goes on in the next one


def may_touch(before: Sequence[str], one: Edit, other: Edit) -> bool:
    """Tell whether one side edits lines in place, and the other adds lines beside them.

    An added line must be less like an edited one than that is like what it was, since both sides
    may have had the same in mind.
    """
    adding, editing = (one, other) if one.only_adds else (other, one)
    old = before[editing.start : editing.end]
    if not adding.only_adds or editing.only_adds or len(old) != len(editing.lines):
        return False
    return all(
        _frame(line) == _frame(new)
        and max(ALIKE, *(_likeness(added, new) for added in adding.lines)) <= _likeness(line, new)
        for line, new in zip(old, editing.lines, strict=True)
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.strip(), other.strip(), autojunk=False).ratio()


def _frame(line: str) -> tuple[str | int, ...]:
    """Return what lines around a line may depend on: indent, end, and brackets left open."""
    text = line.rstrip()
    indent = text[: len(text) - len(text.lstrip())]
    end = text[-1] if text.endswith(GOES_ON) else ""
    return indent, end, line[-1:], *(text.count(one) - text.count(two) for one, two in BRACKETS)
