"""What a way to ask questions in a terminal offers, whatever the terminal can do."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Protocol


class Back(Exception):
    """Ask the previous question again."""


@dataclass(frozen=True)
class Option:
    """A value to choose, and one line about it."""

    value: str
    label: str


class Prompts(Protocol):
    """Asks one question in a terminal; raises `Back` for the previous one, or KeyboardInterrupt."""

    def line(
        self,
        question: str,
        default: str,
        objection: Callable[[str], str],
        typed: str = "",
        completions: Callable[[str], list[str]] | None = None,
    ) -> str:
        """Return a line, or `default` for an empty one; refuse what has an objection.

        The line begins as if `typed` was typed already, and can become one of its `completions`.
        """

    def one(self, question: str, options: Sequence[Option], chosen: str) -> str:
        """Return the value of one option."""

    def several(
        self,
        question: str,
        options: Sequence[Option],
        chosen: Container[str],
        objection: Callable[[Sequence[str]], str],
    ) -> list[str]:
        """Return the values of any number of options."""

    def say(self, text: str) -> None:
        """Show a text between questions."""
