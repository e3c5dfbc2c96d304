"""Any cookiecutter template, rendered by cookiecutter itself.

Cookiecutter names the project's folder after the answers; here the folder is chosen by the caller,
so its content is moved. Hooks run at their places around the render when the caller wants them.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cookiecutter.extensions  # noqa: F401 (each environment loads it, so before copies are made)
import jinja2
from cookiecutter import generate
from cookiecutter.environment import StrictEnvironment
from cookiecutter.exceptions import (
    CookiecutterException,
    FailedHookException,
    UnknownExtension,
)
from cookiecutter.find import find_template
from cookiecutter.hooks import run_hook_from_repo_dir, run_pre_prompt_hook
from cookiecutter.utils import create_env_with_context

from generator.questions.prompt import Ask
from generator.render.cache import CompiledTemplates
from generator.render.cookiecutter_answers import OWN, context_of
from generator.render.places import described
from generator.render.request import (
    AFTER,
    BEFORE,
    FILES,
    AnswerError,
    CodeError,
    RefusalError,
    Reply,
    Request,
    TemplateError,
    missing_extension,
)
from generator.tree import files_in

# Its hooks module logs a traceback of its own; the error says what is needed.
logging.getLogger("cookiecutter").addHandler(logging.NullHandler())
logging.getLogger("cookiecutter").propagate = False

VARIABLE = re.compile(r"cookiecutter\.(\w+)")
FAILURES = (CookiecutterException, jinja2.TemplateError, ValueError, TypeError, KeyError, OSError)


def run(request: Request) -> Reply:
    """Do the steps of `request`; raises `TemplateError`."""
    root = Path(request.template)
    try:
        if BEFORE in request.steps:
            root = Path(run_pre_prompt_hook(root))
        rendered: list[str] = []
        with _importable(root):
            compiled = CompiledTemplates.of_version(request.source, request.commit)
            context = context_of(root, request, compiled=compiled)
            if FILES in request.steps:
                _render(root, request, context, compiled)
                compiled.save()
                rendered = files_in(Path(request.out))
            if AFTER in request.steps:
                _hook(root, "post_gen_project", Path(request.out), context)
    except (AnswerError, RefusalError):
        raise
    except FailedHookException as error:
        raise CodeError(" ".join(str(error).split())) from error
    except UnknownExtension as error:
        raise missing_extension(str(error)) from error
    except FAILURES as error:
        raise TemplateError(_described(error, root)) from error
    recorded = {OWN: {**context[OWN], "_template": request.source, "_commit": request.commit}}
    for volatile in ("_output_dir", "_repo_dir", "_checkout"):
        recorded[OWN].pop(volatile, None)
    answers = {name: value for name, value in context[OWN].items() if not name.startswith("_")}
    known = json.loads(json.dumps(recorded))
    return Reply(answers=answers, context=known, record=".cruft.json", rendered=rendered)


def ask(request: Request, ask: Ask) -> dict[str, Any]:
    """Return the answers that a person gives to the questions that `request` does not answer."""
    root = Path(request.template)
    try:
        with _importable(root):
            context = context_of(root, request, ask)
    except AnswerError:
        raise
    except UnknownExtension as error:
        raise missing_extension(str(error)) from error
    except FAILURES as error:
        raise TemplateError(_described(error, root)) from error
    return {name: value for name, value in context[OWN].items() if not name.startswith("_")}


def _render(
    root: Path, request: Request, context: dict[str, Any], compiled: CompiledTemplates
) -> None:
    """Write the files, after the hook that comes before them, into the folder `out`."""
    out = Path(request.out)
    env = create_env_with_context(context)
    with tempfile.TemporaryDirectory(prefix=".render-", dir=out.parent) as folder:
        compiled.use_in(env, out=folder)
        _check_paths(root, context, env)
        if BEFORE in request.steps:
            try:
                _hook(root, "pre_gen_project", out, context)
            except FailedHookException as error:
                raise RefusalError(" ".join(str(error).split())) from error
        with _using(env):
            made = generate.generate_files(
                root, context, folder, overwrite_if_exists=True, accept_hooks=False
            )
        for entry in Path(made).iterdir():
            shutil.move(entry, out / entry.name)


@contextmanager
def _using(env: StrictEnvironment) -> Iterator[None]:
    """Have cookiecutter take an environment; it makes one itself."""
    own = vars(generate)
    own["create_env_with_context"] = lambda _context: env
    try:
        yield
    finally:
        own["create_env_with_context"] = create_env_with_context


def _check_paths(root: Path, context: dict[str, Any], env: StrictEnvironment) -> None:
    """Raise `TemplateError` for a path that leaves the project, or the template, or has no name."""
    template = Path(find_template(root, env))
    tags = env.block_start_string, env.variable_start_string, env.comment_start_string
    for path in (template, *template.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            raise TemplateError(f"{name} is a link to a place outside of the template")
        inside = (
            path.relative_to(template) if path != template else path.relative_to(root)
        ).as_posix()
        has_tags = any(tag in inside for tag in tags)
        try:
            made = env.from_string(inside).render(**context) if has_tags else inside
        except jinja2.UndefinedError as error:
            raise TemplateError(f"{name} cannot be named: {error}") from error
        if path == template and not made.strip():
            first = next(iter(VARIABLE.findall(name)), "")
            raise AnswerError(first, f"The project's folder {name} would have no name.")
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
    folders = [path for path in root.iterdir() if VARIABLE.search(path.name) and path.is_dir()]
    return described(cause, root, next(iter(folders), root))
