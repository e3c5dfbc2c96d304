"""Asks a person the questions of somebody else's template, in the engine's own order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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

    with _forgotten(Path(request.template)):
        while True:
            try:
                return _ask(request, once)
            except PreviousError:
                if answered:
                    answered.popitem()


@contextmanager
def _forgotten(root: Path) -> Iterator[None]:
    """Forget the modules of the template at `root` after the block.

    Another version of it has modules of the same names.
    """
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in sys.modules.keys() - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(root):
                del sys.modules[name]


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
