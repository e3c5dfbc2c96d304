"""The questions `scaffold new` asks in a terminal: few, and each with a default."""

from __future__ import annotations

import shlex
from collections.abc import Container, Mapping, Sequence
from typing import Any

import click

from generator.errors import UsageError
from generator.questions.catalog import Question
from generator.questions.facts import ProjectNames
from generator.questions.names import check_project_name

ASKED = ("framework", "database", "auth", "docker", "ci")


def ask_name(unavailable: ProjectNames) -> str:
    """Ask for the project's name until it is a good one."""

    def check(text: str) -> str:
        try:
            return check_project_name(text, unavailable)
        except UsageError as error:
            raise click.UsageError(f"{error.message} {error.hint}") from error

    name: str = click.prompt("Name of the project", value_proc=check)
    return name


def ask(
    questions: Mapping[str, Question],
    chosen: Container[str],
    command_line: Sequence[str],
    name: str,
) -> dict[str, Any]:
    """Ask what is not `chosen` yet, show the command that would have said it, return the answers.

    A question with a single choice is not asked.
    """
    answers: dict[str, Any] = {}
    for question in (questions[key] for key in ASKED):
        if question.name not in chosen and len(question.choices) != 1:
            answers[question.name] = _ask(question)
    if answers:
        words = ["scaffold", *command_line, *([] if name in command_line else [name])]
        click.echo(f"\nThe same without questions:\n  {shlex.join([*words, *_options(answers)])}\n")
    return answers


def _ask(question: Question) -> Any:
    if question.type == "bool":
        return click.confirm(question.help, default=question.default)
    click.echo(f"{question.help}:")
    width = max(len(value) for value in question.values)
    for choice in question.choices:
        click.echo(f"  {choice.value:{width}}  {choice.label}")
    return click.prompt(
        "",
        default=question.default,
        type=click.Choice(question.values),
        show_choices=False,
        prompt_suffix="> ",
    )


def _options(answers: Mapping[str, Any]) -> list[str]:
    words = []
    for key, value in answers.items():
        if isinstance(value, bool):
            words.append(f"--{key}" if value else f"--no-{key}")
        else:
            words += [f"--{key}", value]
    return words
