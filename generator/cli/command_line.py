"""A command line to copy: in lines that a terminal does not break, where the shell allows it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence

WIDTH = 78
INDENT = "    "
# Text that means the same between double quotes, in every shell.
PLAIN = re.compile(r"[\w :=,./@+?-]*")


def lines(words: Sequence[str]) -> list[str]:
    """Return a command as lines of at most 78 characters, unless a word of it is longer.

    An option and its value stay together. Only the text of --resource is broken where it is too
    long for a line, since more spaces between its fields change nothing.
    """
    if os.name == "nt":  # its shells have no common sign for a command that goes on
        return [" ".join(f'"{word}"' if " " in word else word for word in words)]
    result, line = [], ""
    for part in (part for group in _groups(words) for part in _parts(group)):
        if line and len(f"{line} {part} \\") > WIDTH:
            result.append(f"{line} \\")
            line = f"{INDENT}{part}"
        else:
            line = f"{line} {part}" if line else part
    return [*result, line]


def _groups(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield each option with the word after it, and each other word alone."""
    group: list[str] = []
    for word in words:
        if group and not word.startswith("-") and len(group) == 1 and group[0].startswith("-"):
            group.append(word)
            continue
        if group:
            yield group
        group = [word]
    yield group


def _parts(group: Sequence[str]) -> list[str]:
    """Return the texts between which the line may be broken."""
    text = " ".join(_quoted(word) for word in group)
    too_long = len(f"{INDENT}{text} \\") > WIDTH
    breakable = group[0] == "--resource" and '"' in text
    return text.split() if too_long and breakable else [text]


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word and PLAIN.fullmatch(word) else shlex.quote(word)
