"""Answers that a project once recorded: hints, as they may be another project's or out of date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from generator.errors import UsageError
from generator.project.branches import last_whole
from generator.project.record import ANSWERS_FILE
from generator.questions.resource_answers import resources_from_answer
from generator.tree import read_file

CONFLICT_MARK = re.compile(r"(?m)^(?:<{7}|\|{7}|={7}|>{7}).*$")


def old_records(root: Path) -> list[dict[str, Any]]:
    """Return the answers in the answers file of the project at `root`, and in git's last whole one.

    A file that is damaged is read as far as possible; of two sides of a conflict, the second.
    """
    file = read_file(root / ANSWERS_FILE)
    committed = last_whole(root)
    return [
        *([_answers(file.content)] if file else []),
        *([dict(committed[1].answers)] if committed else []),
    ]


def _answers(content: bytes) -> dict[str, Any]:
    try:
        data = yaml.safe_load(CONFLICT_MARK.sub("", content.decode()))
    except (ValueError, RecursionError, yaml.YAMLError):
        return {}
    answers = dict(data) if isinstance(data, dict) else {}
    try:
        resources = resources_from_answer(answers.pop("resources", None))
    except UsageError:
        return answers
    return {**answers, "resources": [resource.answer() for resource in resources]}
