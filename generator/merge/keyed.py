"""Files of lines that each are about something: settings by name, requirements by distribution.

A line that is about nothing is a comment or blank; comments right above a line belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.merge.data import Pick
from generator.merge.values import MISSING, distribution
from generator.text import setting_name

COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True)
class Keyed:
    """A kind of file of such lines; `name_of` tells what a line is about, None for nothing."""

    name_of: Callable[[str], str | None]

    def read(self, text: str) -> dict[str, str]:
        """Return each line by what it is about; raises `ValueError` where two are about one."""
        named = [(name, line.strip()) for line in text.splitlines() if (name := self.name_of(line))]
        if len(dict(named)) < len(named):
            raise ValueError("two lines are about the same")
        return dict(named)

    def edit(self, base: str, ours: str, theirs: str, pick: Pick) -> str:
        """Return `ours` changed line by line as `base` was to `theirs`.

        A new line comes with its comments, after its neighbour. What both sides changed becomes
        what `pick` says.
        """
        lines = _Lines(self.name_of, [f"{line}\n" for line in ours.splitlines()])
        old, mine, new = self.read(base), self.read(ours), self.read(theirs)
        neighbour, blocks = "", _blocks(self.name_of, theirs)
        for name in new:
            before, present, line = old.get(name), mine.get(name), new[name]
            if line not in (before, present):
                if present is None and before is None:
                    lines.put(name, blocks[name], neighbour)
                elif present == before:
                    lines.put(name, [line], neighbour)
                else:
                    lines.put(name, _picked(pick, old, mine, new, name), neighbour)
            neighbour = name if lines.place(name) >= 0 else neighbour
        for name in [name for name in mine if name in old and name not in new]:
            is_edited = mine[name] != old[name]
            lines.put(name, _picked(pick, old, mine, new, name) if is_edited else [], "")
        return "".join(lines.lines)


def _picked(
    pick: Pick, old: Mapping[str, str], mine: Mapping[str, str], new: Mapping[str, str], name: str
) -> list[str]:
    line = pick(*(side.get(name, MISSING) for side in (old, mine, new)))
    return [] if line is MISSING else [line]


@dataclass
class _Lines:
    """The lines of a file while it is edited."""

    name_of: Callable[[str], str | None]
    lines: list[str]

    def place(self, name: str) -> int:
        """Return the number of the line that is about `name`, -1 for none."""
        return next((i for i, line in enumerate(self.lines) if self.name_of(line) == name), -1)

    def put(self, name: str, block: list[str], neighbour: str) -> None:
        """Make `block` the line of `name`, after its `neighbour` if it is new; it goes for none."""
        place = self.place(name)
        new = [f"{line}\n" for line in block]
        if place >= 0:
            if [line.strip() for line in new] != [self.lines[place].strip()]:
                self.lines[place : place + 1] = new[-1:]
            return
        after = self.place(neighbour) if neighbour else -1
        self.lines[after + 1 : after + 1] = new


def _blocks(name_of: Callable[[str], str | None], text: str) -> dict[str, list[str]]:
    """Return the lines about each name: the comments right above, and its own."""
    blocks: dict[str, list[str]] = {}
    comments: list[str] = []
    for line in text.splitlines():
        if name := name_of(line):
            blocks[name] = [*comments, line]
        comments = [*comments, line] if line.startswith("#") else []
    return blocks


@lru_cache(maxsize=10_000)
def _requirement_name(line: str) -> str | None:
    """Return the distribution that a line of a requirements file is about, or its option.

    Raises `ValueError` for a line that goes on in the next.
    """
    text = COMMENT.sub("", line).strip()
    if text.endswith("\\"):
        raise ValueError("a requirement of several lines")
    from packaging.requirements import InvalidRequirement, Requirement  # few updates need it

    try:
        return distribution(Requirement(text).name)
    except InvalidRequirement:
        return text or None


SETTINGS = Keyed(setting_name)
REQUIREMENTS = Keyed(_requirement_name)
