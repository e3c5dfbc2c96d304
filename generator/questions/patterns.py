"""Patterns of text that mean the same to Python, Pydantic, Django and in JSON Schema.

A pattern describes the whole value. It has ASCII characters, classes such as `[A-Z0-9]`, groups,
alternatives and counts. What regular expressions differ on is written in another way or refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.questions.pattern_reader import Digits, Parts, Reader

MAX_PATTERN = 50
ROOM = 4  # digits of the numbers in samples


@dataclass(frozen=True)
class Pattern:
    """A pattern in the form that is recorded, and a value that matches it.

    The `sample` is for `str.format`: where it `counts`, it has a place for the number `n` of four
    digits at least.
    """

    text: str
    sample: str
    counts: bool


def read(text: str) -> Pattern:
    """Return the pattern that `text` describes; raises `UsageError` for one that is refused."""
    inner = text.removeprefix("^")
    if inner.endswith("$") and not inner.endswith(r"\$"):
        inner = inner[:-1]
    reader = Reader(text[:80], inner)
    branches, parts = reader.alternatives()
    if reader.left:
        raise reader.refused("a ) has no (")
    written = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if len(written) > MAX_PATTERN:
        raise reader.refused(f"it is longer than {MAX_PATTERN} characters")
    if '"' in written and "'" in written:
        raise reader.refused("it has both kinds of quotes")
    sample = _sample(parts)
    if not sample:
        raise reader.refused("it matches the empty text", "Write + in place of *.")
    return Pattern(written, sample, sample.format(n=1) != sample.format(n=2))


def matches(pattern: str, value: str) -> bool:
    """Tell whether the whole `value` is as the recorded `pattern` says."""
    return re.fullmatch(pattern, value) is not None


def _sample(parts: Parts) -> str:
    """Return a sample of what consists of `parts`."""
    places = [part for part in parts if isinstance(part, Digits) and (part.most or ROOM) >= ROOM]
    place = next(iter(places), None)
    pieces = []
    for part in parts:
        if place is not None and part is place:
            letter = (
                place.letter
                if place.least < 2 and (place.most is None or place.most > ROOM)
                else ""
            )
            pieces.append(f"{{n:0{place.least}}}" if place.least > 1 else letter + "{n}")
        elif isinstance(part, Digits):
            pieces.append("0" * part.least)
        else:
            pieces.append(part.replace("{", "{{").replace("}", "}}"))
    return "".join(pieces)
