"""Reads answers that are free text from a project, as its template says where they stand.

The template renders a mark for each such answer. Where a line of that render has a mark, the same
line of the project has the answer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from generator.tree import File, Tree

MOST_VALUES = 3  # different values that are tried where a project is not of one mind


def marks(names: Iterable[str]) -> dict[str, str]:
    """Return a mark for each of the questions `names`; it can be the name of a project, too."""
    return {name: f"qz{position}mark" for position, name in enumerate(names)}


def read_texts(
    marked: Tree, ours: Callable[[str], File | None], given: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the values that a project has in place of the marks `given`, the most frequent first.

    `marked` is the render with the marks, `ours` returns the project's file at a path. A line that
    has nothing but a mark, or that the project has more than once, says nothing.
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in given}
    for path, file in marked.items():
        lines = _text(file).splitlines()
        if not any(mark in line for mark in given.values() for line in lines):
            continue
        mine = _text(ours(path))
        for line in lines:
            present = [name for name, mark in given.items() if mark in line]
            if len(present) == 1:
                found[present[0]].update(_values(line, given[present[0]], mine))
    return {
        name: [value for value, _ in counted.most_common(MOST_VALUES)]
        for name, counted in found.items()
    }


def _values(line: str, mark: str, text: str) -> Iterator[str]:
    """Yield what stands in `text` in place of the only `mark` of `line`; both readings of it."""
    before, after = line.split(mark, 1)
    if mark in after or not (before + after).strip():
        return
    pattern = re.compile(rf"(?m)^{re.escape(before)}(.*\S.*){re.escape(after)}$")
    values = pattern.findall(text)
    if len(values) != 1:
        return
    yield values[0]
    with suppress(ValueError):  # TOML and JSON escape the same way
        unescaped = json.loads(f'"{values[0]}"')
        if unescaped != values[0]:
            yield unescaped


def _text(file: File | None) -> str:
    return file.content.decode(errors="replace") if file else ""
