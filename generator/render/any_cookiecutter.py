"""Any cookiecutter template, rendered by cookiecutter itself. No other module imports cookiecutter.

Cookiecutter names the project's folder after the answers; here the folder is chosen by the caller,
so its content is moved. Hooks run at their places around the render when the caller wants them.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
from cookiecutter.config import get_user_config
from cookiecutter.exceptions import (
    CookiecutterException,
    FailedHookException,
    UnknownExtension,
)
from cookiecutter.find import find_template
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.hooks import run_hook_from_repo_dir, run_pre_prompt_hook
from cookiecutter.prompt import YesNoPrompt, render_variable
from cookiecutter.utils import create_env_with_context

from generator.questions.prompt import BOOL, ONE, TEXT, Ask, Prompt, PromptChoice
from generator.render.places import described
from generator.render.request import (
    AFTER,
    BEFORE,
    FILES,
    AnswerError,
    Reply,
    Request,
    TemplateError,
    check_names,
    missing_extension,
)

# Its hooks module logs a traceback of its own; the error says what is needed.
logging.getLogger("cookiecutter").addHandler(logging.NullHandler())
logging.getLogger("cookiecutter").propagate = False

FAILURES = (CookiecutterException, jinja2.TemplateError, ValueError, TypeError, KeyError, OSError)
OWN = "cookiecutter"


def run(request: Request) -> Reply:
    """Do the steps of `request`; raises `TemplateError`."""
    root = Path(request.template)
    try:
        if BEFORE in request.steps:
            root = Path(run_pre_prompt_hook(root))
        with _importable(root):
            context = _context(root, request)
            if FILES in request.steps:
                _render(root, request, context)
            if AFTER in request.steps:
                _hook(root, "post_gen_project", Path(request.out), context)
    except AnswerError:
        raise
    except FailedHookException as error:
        raise TemplateError(" ".join(str(error).split())) from error
    except UnknownExtension as error:
        raise missing_extension(str(error)) from error
    except FAILURES as error:
        raise TemplateError(_described(error, root)) from error
    recorded = {OWN: {**context[OWN], "_template": request.source, "_commit": request.commit}}
    for volatile in ("_output_dir", "_repo_dir", "_checkout"):
        recorded[OWN].pop(volatile, None)
    answers = {name: value for name, value in context[OWN].items() if not name.startswith("_")}
    return Reply(answers=answers, context=json.loads(json.dumps(recorded)), record=".cruft.json")


def ask(request: Request, ask: Ask) -> dict[str, Any]:
    """Return the answers that a person gives to the questions that `request` does not answer."""
    root = Path(request.template)
    try:
        with _importable(root):
            context = _context(root, request, ask)
    except AnswerError:
        raise
    except UnknownExtension as error:
        raise missing_extension(str(error)) from error
    except FAILURES as error:
        raise TemplateError(_described(error, root)) from error
    return {name: value for name, value in context[OWN].items() if not name.startswith("_")}


def _context(root: Path, request: Request, ask: Ask | None = None) -> dict[str, Any]:
    """Return cookiecutter's context: each variable answered, rendered or as it stands."""
    defaults = {} if request.recorded else get_user_config()["default_context"]
    raw = generate_context(str(root / "cookiecutter.json"), default_context=defaults)
    known = {**request.recorded, **request.given}
    variables = raw[OWN]
    check_names(request.given, [name for name in variables if not name.startswith("_")])
    prompts = variables.pop("__prompts__", {})
    env = create_env_with_context(raw)
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


def _render(root: Path, request: Request, context: dict[str, Any]) -> None:
    """Write the files, after the hook that comes before them, into the folder `out`."""
    out = Path(request.out)
    _check_paths(root, context)
    if BEFORE in request.steps:
        _hook(root, "pre_gen_project", out, context)
    with tempfile.TemporaryDirectory(prefix=".render-", dir=out.parent) as folder:
        made = generate_files(root, context, folder, overwrite_if_exists=True, accept_hooks=False)
        for entry in Path(made).iterdir():
            shutil.move(entry, out / entry.name)


def _check_paths(root: Path, context: dict[str, Any]) -> None:
    """Raise `TemplateError` for a path of a file that leaves the project, or the template."""
    env = create_env_with_context(context)
    template = Path(find_template(root, env))
    for path in (template, *template.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            raise TemplateError(f"{name} is a link to a place outside of the template")
        made = env.from_string(name).render(**context)
        if Path(made).is_absolute() or ".." in Path(made).parts:
            raise TemplateError(f"{name} would be written to {made}, outside of the project")


def _hook(root: Path, name: str, project: Path, context: dict[str, Any]) -> None:
    run_hook_from_repo_dir(root, name, project, context, delete_project_on_failure=False)


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let the template's own extensions be imported, as cookiecutter does."""
    before = list(sys.path)
    sys.path.append(str(root))
    try:
        yield
    finally:
        sys.path[:] = before


def _described(error: BaseException, root: Path) -> str:
    """Return the error in one line; cookiecutter wraps those of Jinja."""
    inner = getattr(error, "error", None)
    cause = inner if isinstance(inner, BaseException) else error
    return described(cause, root)
