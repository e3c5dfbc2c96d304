"""Asks a person the questions of somebody else's template, in the engine's own order."""

from __future__ import annotations

from typing import Any

from generator.errors import ScaffoldError, UsageError
from generator.questions.prompt import Ask, PreviousError, Prompt
from generator.render.request import AnswerError, Request, TemplateError
from generator.versions.engines import COOKIECUTTER


def ask(request: Request, ask: Ask) -> dict[str, Any]:
    """Return the answers in `request` and those that a person gives to the other questions.

    Where the person goes back, the questions before are answered as they were. A template's
    extensions run in this process: whether they may has been asked before. Raises
    `UsageError` for an answer in `request` that the template refuses, else `ScaffoldError`.
    """
    answered: dict[str, Any] = {}

    def once(prompt: Prompt) -> Any:
        if prompt.name not in answered:
            answered[prompt.name] = ask(prompt)
        return answered[prompt.name]

    while True:
        try:
            return _ask(request, once)
        except PreviousError:
            if answered:
                answered.popitem()


def _ask(request: Request, ask: Ask) -> dict[str, Any]:
    try:
        if request.engine == COOKIECUTTER:
            from generator.render import any_cookiecutter

            return any_cookiecutter.ask(request, ask)
        from generator.render import any_copier

        return any_copier.ask(request, ask)
    except AnswerError as error:
        raise UsageError(str(error), error.hint) from error
    except TemplateError as error:
        raise ScaffoldError(f"The template failed: {error}.", error.cure) from error
