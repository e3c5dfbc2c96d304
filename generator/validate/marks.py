"""Marks of the template that are left in a render."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.validate.config import ANY

# GitHub's expressions, and braces in Python's f-strings.
OTHERS = re.compile(r"\$\{\{.*?\}\}|\bf\"[^\"\n]*\"|\bf'[^'\n]*'")
OPENING = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|\{#.*?(?:#\}|$)")


@dataclass(frozen=True)
class Marks:
    """Which marks count: any, or those that name one of the template's questions."""

    which: str
    questions: frozenset[str]
    allowed: re.Pattern[str] | None

    def problem(self, path: str, content: bytes) -> str:
        """Return which mark is left in the file or its name, and nothing if there is none."""
        if found := self._left(path):
            return f"has {found} in its name"
        if b"{" not in content or b"\0" in content:
            return ""
        text = content.decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            if "{" in line and (found := self._left(line)):
                return f"has {found} left, line {number}"
        return ""

    def _left(self, line: str) -> str:
        rest = OTHERS.sub("", line)
        if self.allowed:
            rest = self.allowed.sub("", rest)
        for found in OPENING.findall(rest):
            if self.which == ANY or self._names_a_question(found):
                return str(found)
        return ""

    def _names_a_question(self, mark: str) -> bool:
        if mark.startswith("{#"):
            return False
        words = re.findall(r"(?<![.\w])[A-Za-z_]\w*", mark)
        return "cookiecutter" in words or not self.questions.isdisjoint(words)


def marks(which: str, questions: Iterable[str], allowed: Sequence[str]) -> Marks:
    """Return the marks that count; `allowed` are regular expressions of those that do not."""
    pattern = re.compile("|".join(allowed)) if allowed else None
    # A question of one short word could be anything.
    return Marks(which, frozenset(questions), pattern)
