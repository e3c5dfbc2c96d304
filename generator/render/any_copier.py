"""Any copier template, rendered by copier itself: what is asked, and what is done."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import copier.errors
import jinja2
import yaml
from copier._main import _operation
from copier._types import MISSING
from copier._user_data import Question

from generator.questions.prompt import BOOL, ONE, SECRET, SEVERAL, TEXT, Ask, Prompt, PromptChoice
from generator.render.cache import CompiledTemplates
from generator.render.copier_worker import CopierWorker, worker
from generator.render.places import described
from generator.render.request import (
    AFTER,
    FILES,
    MIGRATIONS_AFTER,
    MIGRATIONS_BEFORE,
    UPDATE,
    AnswerError,
    CodeError,
    Reply,
    Request,
    TemplateError,
    check_names,
    missing_extension,
)
from generator.tree import files_in

FAILURES = (
    copier.errors.CopierError,
    jinja2.TemplateError,
    yaml.YAMLError,
    ValueError,
    TypeError,
    KeyError,
    OSError,
)


def run(request: Request) -> Reply:
    """Do the steps of `request`; raises `TemplateError`."""
    token = _operation.set("update" if request.operation == UPDATE else "copy")
    try:
        with worker(request) as at_work:
            check_names(request.given, list(at_work.template.questions_data))
            compiled = CompiledTemplates.of_version(request.source, request.commit)
            compiled.use_in(at_work.jinja_env)
            # What comes before an update may migrate the answers that questions then have.
            if request.steps == (MIGRATIONS_BEFORE,):
                at_work.recall()
            else:
                at_work.answer()
            if request.strict:
                at_work.jinja_env.undefined = jinja2.StrictUndefined
            rendered: list[str] = []
            if FILES in request.steps:
                at_work._render_template()
                rendered = files_in(Path(request.out))
            if AFTER in request.steps:
                at_work._execute_tasks(at_work.template.tasks)
            for step, stage in ((MIGRATIONS_BEFORE, "before"), (MIGRATIONS_AFTER, "after")):
                if step in request.steps:
                    at_work._execute_tasks(at_work.migrations(stage))
            compiled.save()
            return replace(_reply(at_work), rendered=rendered)
    except copier.errors.ExtensionNotFoundError as error:
        raise missing_extension(str(error)) from error
    except copier.errors.TaskError as error:
        what = error.cmd if isinstance(error.cmd, str) else " ".join(error.cmd)
        raise CodeError(f"{what}: exit code {error.returncode}") from error
    except AnswerError:
        raise
    except FAILURES as error:
        raise TemplateError(described(error, Path(request.template))) from error
    finally:
        _operation.reset(token)


def ask(request: Request, ask: Ask) -> dict[str, Any]:
    """Return the answers that a person gives to the questions that `request` does not answer."""
    answered = dict(request.given)
    try:
        with worker(request) as at_work:
            check_names(request.given, list(at_work.template.questions_data))
            at_work.recall()
            for name, details in at_work.template.questions_data.items():
                question = at_work.question(name, details)
                if _is_to_ask(question, request):
                    answered[name] = _asked(question, ask)
                elif (value := question.get_default()) is not MISSING:
                    at_work.answers.user[name] = value
                if name in answered:
                    at_work.answers.user[name] = question.parse_answer(answered[name])
    except AnswerError:
        raise
    except copier.errors.ExtensionNotFoundError as error:
        raise missing_extension(str(error)) from error
    except FAILURES as error:
        raise TemplateError(described(error, Path(request.template))) from error
    return answered


def _reply(at_work: CopierWorker) -> Reply:
    remembered = dict(at_work._answers_to_remember())
    template = at_work.template
    is_update = at_work.request.operation == UPDATE
    message = template.message_after_update if is_update else template.message_after_copy
    return Reply(
        answers={name: value for name, value in remembered.items() if not name.startswith("_")},
        record=at_work.answers_relpath.as_posix(),
        message=at_work._render_string(message) if message else "",
        written_once=at_work.patterns(at_work.all_skip_if_exists),
        excluded=at_work.patterns(at_work.all_exclusions),
    )


def _is_to_ask(question: Question, request: Request) -> bool:
    """Tell whether a person is asked: no update needs a secret, which no project records."""
    name = question.var_name
    known = name in request.given or name in request.recorded
    needless = question.secret and request.operation == UPDATE
    return not (known or needless) and question.get_when() and question.get_ask()


def _asked(question: Question, ask: Ask) -> Any:
    default = question.get_default()

    def objection(answer: Any) -> str:
        try:
            question.validate_answer(question.parse_answer(answer))
        except (
            Exception
        ) as error:  # a validator is code of the template, which raises what it likes
            said = " ".join(str(error).split()) or "This answer is not valid."
            return re.sub(r"^(Validation error for question|Invalid choice for) '\w+': ", "", said)
        return ""

    choices = tuple(
        PromptChoice(str(choice.title), choice.value, choice.disabled or "")
        for choice in question._formatted_choices
    )
    kind = _kind(question, bool(choices))
    shown = default if choices or kind == BOOL else question.get_default_rendered()
    missing: Any = {SEVERAL: [], BOOL: False}.get(kind, "")
    return ask(
        Prompt(
            question.var_name,
            " ".join(question.get_message().split()),
            kind,
            missing if shown is MISSING else shown,
            objection,
            choices,
            question.get_placeholder(),
        )
    )


def _kind(question: Question, has_choices: bool) -> str:
    if has_choices:
        return SEVERAL if question.multiselect else ONE
    if question.get_type_name() == "bool":
        return BOOL
    return SECRET if question.secret else TEXT
