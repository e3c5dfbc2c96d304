"""A question of somebody else's template, as a terminal asks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TEXT, BOOL, ONE, SEVERAL, SECRET = "text", "bool", "one", "several", "secret"


@dataclass(frozen=True)
class PromptChoice:
    """A value to choose; one with a `reason` cannot be chosen."""

    label: str
    value: Any
    reason: str = ""


@dataclass(frozen=True)
class Prompt:
    """A question with its default: text, a bool, a chosen value, or a list of chosen values.

    `objection` says what is wrong with an answer, and nothing where it is fine.
    """

    name: str
    text: str
    kind: str
    default: Any
    objection: Callable[[Any], str]
    choices: tuple[PromptChoice, ...] = ()
    placeholder: str = ""


class PreviousError(Exception):
    """The person wants to answer the previous question again."""


Ask = Callable[[Prompt], Any]
