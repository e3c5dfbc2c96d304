"""Answers that do not go together, as `exclusions` of the template's manifest says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.errors import UsageError
from generator.questions.manifest import Exclusion


def check(exclusions: Iterable[Exclusion], answers: Mapping[str, Any]) -> None:
    """Refuse `answers` of which one excludes another.

    An exclusion of something that is no answer, such as a type of fields, is checked where that is
    read. Raises `UsageError` with the reason.
    """
    for rule in exclusions:
        if _is_given(rule.choice, answers) and _is_given(rule.excludes, answers):
            what = f"{rule.choice} excludes {rule.excludes}: {rule.reason}."
            raise UsageError(what, "Change one of the two answers.")


def _is_given(text: str, answers: Mapping[str, Any]) -> bool:
    question, equals, value = text.partition("=")
    return bool(equals) and answers.get(question) == value
