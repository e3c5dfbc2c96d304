"""An answer as its question's type, from text or from what YAML and JSON give."""

from __future__ import annotations

import unicodedata
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions.catalog import Question

WORDS = {"yes": True, "true": True, "no": False, "false": False}


def typed_value(question: Question, value: Any) -> Any:
    """Return `value`, which may be text from --set, as the type of `question` says.

    Raises `UsageError` when it cannot be an answer to the question.
    """
    if question.type == "yaml":
        return _yaml(question, value) if isinstance(value, str) else value
    if not isinstance(value, str | int | float):
        what = "nothing" if value is None else f"a {type(value).__name__}"
        raise UsageError(f"{question.name} cannot be {what}.", "See scaffold schema.")
    if question.type == "bool":
        return _boolean(question, value)
    if question.choices:
        return _choice(question, str(value))
    if not isinstance(value, str):
        raise UsageError(f"{question.name} must be text, not {value}.", "Put it in quotes.")
    return _plain_text(question, value)


def _boolean(question: Question, value: str | float) -> bool:
    word = str(value).lower()  # YAML has read `yes` as True already
    if word in WORDS:
        return WORDS[word]
    raise UsageError(f"{question.name}={value} is neither yes nor no.", "Write yes or no.")


def _yaml(question: Question, text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(
            f"{question.name} is not valid YAML: {text[:80]!r}", "Quote it."
        ) from error


def _choice(question: Question, value: str) -> str:
    if value in question.values:
        return value
    hint = did_you_mean(value, question.values)
    raise UsageError(f"{value[:80]!r} is not a valid {question.name}.", hint)


def _plain_text(question: Question, text: str) -> str:
    """Return `text` when files of every kind can contain it."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise UsageError(f"{question.name} is not valid UTF-8.", "Write it in UTF-8.")
        if category == "Cc" and character not in "\n\t":
            name = f"U+{ord(character):04X}"
            raise UsageError(
                f"{question.name} contains the control character {name}.", "Remove it."
            )
    return text
