"""What a question can be answered with, read from the question itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.render.described import Asked
from generator.validate.config import word
from generator.validate.samples import PLAIN

DEFAULT = "default"
# Pairs of words that mean yes and no, where a template asks for text.
FLAGS = (("y", "n"), ("yes", "no"), ("Yes", "No"), ("true", "false"), ("True", "False"))


def is_asked(question: Asked) -> bool:
    """Tell whether a person is asked it."""
    return question.when is not False and question.asked


def values_of(question: Asked) -> dict[str, Any]:
    """Return what a question can be answered with, where it has few values."""
    if not is_asked(question):
        return {}
    if question.type == "bool":
        return {"no": False, "yes": True}
    choices = _choices(question.choices)
    if choices and question.multiselect:
        every = {word(value): [value] for value in choices}
        some = {"none": [], **every, "all": choices} if len(choices) > 1 else every
        is_new = isinstance(question.default, list) and question.default not in some.values()
        return {DEFAULT: question.default, **some} if is_new else some
    if choices:
        return {word(value): value for value in choices}
    flags = next((pair for pair in FLAGS if question.default in pair), ())
    return {flag: flag for flag in flags} if question.type == "str" else {}


def _choices(choices: Any) -> list[Any]:
    """Return the values of a question's choices, in any of the forms that templates have."""
    if isinstance(choices, dict):
        entries = list(choices.values())
        return [e.get("value") if isinstance(e, dict) else e for e in entries]
    if isinstance(choices, list):
        return [e[1] if isinstance(e, list) and len(e) == 2 else e for e in choices]
    return []  # a Jinja text, which earlier answers fill in


def plain_answers(question: Asked) -> Sequence[Any]:
    """Return what a question that must be answered is tried with."""
    if question.type == "int":
        return (1, 8000)
    if question.type == "float":
        return (1.0,)
    return PLAIN if question.type == "str" else ()
