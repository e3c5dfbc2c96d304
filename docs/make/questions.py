"""The template's questions, presets and exclusions."""

from __future__ import annotations

from typing import Any

from generator.questions.catalog import Choice, Question

from .blocks import code, table
from .projects import catalog

# Defaults that are no text of the template's.
DEFAULTS = {
    "python_version": "that of the Python which runs scaffold",
    "resources": "see [resources](cli.md#resources)",
}


def questions() -> str:
    """Return the table of all questions."""
    rows = [_row(question) for question in catalog().questions.values()]
    return table(("question", "answers", "default", "meaning"), rows)


def presets() -> str:
    """Return the table of presets."""
    rows = [
        (code(name), ", ".join(code(f"{key}={_word(value)}") for key, value in answers.items()))
        for name, answers in catalog().manifest.presets.items()
    ]
    return table(("preset", "answers"), rows)


def exclusions() -> str:
    """Return the table of choices that rule something out."""
    rows = [(code(e.choice), e.excludes, e.reason) for e in catalog().manifest.exclusions]
    return table(("choice", "excludes", "reason"), rows)


def _row(question: Question) -> tuple[str, ...]:
    choices = "<br>".join(_choice(choice) for choice in question.choices)
    answers = choices or {"bool": "yes or no", "yaml": "a list"}.get(question.type, "text")
    default = DEFAULTS.get(question.name, _default(question))
    return code(question.name), answers, default, question.help


def _choice(choice: Choice) -> str:
    return code(choice.value) + (f" {choice.label}" if choice.label != choice.value else "")


def _default(question: Question) -> str:
    value = question.default
    return code(_word(value)) if value not in (None, "") else ""


def _word(value: Any) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
