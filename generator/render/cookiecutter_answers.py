"""The answers to a cookiecutter template: given, recorded, asked for or its defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cookiecutter.config import get_user_config
from cookiecutter.generate import generate_context
from cookiecutter.prompt import YesNoPrompt, render_variable
from cookiecutter.utils import create_env_with_context

from generator.questions.prompt import BOOL, ONE, TEXT, Ask, Prompt, PromptChoice
from generator.render.cache import CompiledTemplates
from generator.render.request import AnswerError, Request, check_names

OWN = "cookiecutter"


def context_of(
    root: Path,
    request: Request,
    ask: Ask | None = None,
    compiled: CompiledTemplates | None = None,
) -> dict[str, Any]:
    """Return cookiecutter's context: each variable answered, rendered or as it stands."""
    defaults = {} if request.recorded else get_user_config()["default_context"]
    raw = generate_context(str(root / "cookiecutter.json"), default_context=defaults)
    known = {**request.recorded, **request.given}
    variables = raw[OWN]
    check_names(request.given, [name for name in variables if not name.startswith("_")])
    prompts = variables.pop("__prompts__", {})
    env = create_env_with_context(raw)
    if compiled:
        compiled.use_in(env)
    answers: dict[str, Any] = {}
    # Dictionaries come last: they may use all other answers.
    for name in sorted(variables, key=lambda name: _is_dictionary(name, variables[name])):
        value = variables[name]
        if name.startswith("_") and not name.startswith("__"):
            answers[name] = value
        elif name.startswith("__"):
            answers[name] = render_variable(env, value, answers)
        elif name in known:
            answers[name] = _given(name, render_variable(env, value, answers), known[name])
        else:
            offered = render_variable(env, value, answers)
            default = offered[0] if isinstance(offered, list) and offered else offered
            answers[name] = _asked(name, offered, default, prompts, ask) if ask else default
    answers |= {
        "_template": request.source,
        "_output_dir": str(Path(request.project).parent),
        "_repo_dir": str(root),
        "_checkout": request.ref or None,
        "_commit": request.commit,
    }
    plain = {name: value for name, value in variables.items() if not name.startswith("_")}
    return {
        OWN: {name: answers[name] for name in _in_order(variables, answers)},
        "_cookiecutter": plain,
    }


def _in_order(variables: Mapping[str, Any], answers: Mapping[str, Any]) -> list[str]:
    """Return the names as cookiecutter has them: simple ones, dictionaries, then its own."""
    first = [name for name in variables if not _is_dictionary(name, variables[name])]
    then = [name for name in variables if _is_dictionary(name, variables[name])]
    return [*first, *then, *(name for name in answers if name not in variables)]


def _is_dictionary(name: str, value: Any) -> bool:
    return isinstance(value, dict) and (not name.startswith("_") or name.startswith("__"))


def _given(name: str, offered: Any, value: Any) -> Any:
    """Return an answer in the type of what is `offered`; raises `AnswerError`."""
    if isinstance(offered, bool) and isinstance(value, str):
        word = value.strip().lower()
        if word not in {*YesNoPrompt.yes_choices, *YesNoPrompt.no_choices}:
            raise AnswerError(name, f"{name} must be yes or no, not {value!r}.")
        return word in YesNoPrompt.yes_choices
    if isinstance(offered, dict) and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise AnswerError(name, f"{name} must be a JSON object.") from error
    if isinstance(offered, list):
        if value not in offered:
            names = ", ".join(map(str, offered))
            raise AnswerError(name, f"{name} cannot be {value!r}. Possible: {names}.")
    elif isinstance(offered, dict) and not isinstance(value, dict):
        raise AnswerError(name, f"{name} must be a JSON object.")
    return value


def _asked(name: str, offered: Any, default: Any, prompts: Mapping[str, Any], ask: Ask) -> Any:
    words = prompts.get(name) or name
    labels = words if isinstance(words, dict) else {}
    text = str(labels.get("__prompt__", name) if labels else words)
    kind = ONE if isinstance(offered, list) else BOOL if isinstance(offered, bool) else TEXT
    choices = tuple(
        PromptChoice(str(labels.get(value, value)), value)
        for value in (offered if kind == ONE else ())
    )
    shown = json.dumps(default) if isinstance(default, dict) else default

    def objection(answer: Any) -> str:
        try:
            _given(name, offered, answer)
        except AnswerError as error:
            return str(error)
        return ""

    shown = "" if shown is None else shown
    return _given(name, offered, ask(Prompt(name, text, kind, shown, objection, choices)))
