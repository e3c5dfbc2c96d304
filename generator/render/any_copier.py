"""Any copier template, rendered by copier itself.

Copier clones a template and renders it into a project. Here the mirror has been exported to a
folder, and the project may be a folder that is thrown away: the subclasses below tell copier the
version, the answers and the place that count. As in `copier.py`, they are private to its series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import copier.errors
import jinja2
import yaml
from copier._main import Worker, _operation
from copier._settings import SettingsModel
from copier._subproject import Subproject
from copier._template import Template
from copier._types import MISSING, LazyDict
from copier._user_data import AnswersMap, Question, load_answersfile_data
from packaging.version import InvalidVersion, Version

from generator.questions.prompt import BOOL, ONE, SECRET, SEVERAL, TEXT, Ask, Prompt, PromptChoice
from generator.render.places import described
from generator.render.request import (
    AFTER,
    FILES,
    MIGRATIONS_AFTER,
    MIGRATIONS_BEFORE,
    UPDATE,
    AnswerError,
    Reply,
    Request,
    TemplateError,
    check_names,
    missing_extension,
)

FAILURES = (
    copier.errors.CopierError,
    jinja2.TemplateError,
    yaml.YAMLError,
    ValueError,
    TypeError,
    KeyError,
    OSError,
)

DISTANCE = re.compile(r"(.+)-(\d+)-g([0-9a-f]+)")  # as git describe has it


def run(request: Request) -> Reply:
    """Do the steps of `request`; raises `TemplateError`."""
    token = _operation.set("update" if request.operation == UPDATE else "copy")
    try:
        with worker(request) as at_work:
            check_names(request.given, list(at_work.template.questions_data))
            at_work.answer()
            if FILES in request.steps:
                at_work._render_template()
            if AFTER in request.steps:
                at_work._execute_tasks(at_work.template.tasks)
            for step, stage in ((MIGRATIONS_BEFORE, "before"), (MIGRATIONS_AFTER, "after")):
                if step in request.steps:
                    at_work._execute_tasks(at_work.migrations(stage))
            return _reply(at_work)
    except copier.errors.ExtensionNotFoundError as error:
        raise missing_extension(str(error)) from error
    except copier.errors.TaskError as error:
        what = error.cmd if isinstance(error.cmd, str) else " ".join(error.cmd)
        raise TemplateError(f"{what}: exit code {error.returncode}") from error
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
            at_work.answers = AnswersMap(
                init=answered,
                last=dict(request.recorded),
                metadata=at_work.template.metadata,
                external=at_work._external_data(),
            )
            for name, details in at_work.template.questions_data.items():
                question = at_work.question(name, details)
                if question.get_when() and question.get_ask() and not _is_known(name, request):
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


def worker(request: Request) -> _Worker:
    """Return the copier worker for `request`."""
    return _Worker(
        request=request,
        src_path=request.template,
        dst_path=Path(request.out),
        answers_file=Path(request.answers_file) if request.answers_file else None,
        vcs_ref=request.ref or None,
        data=dict(request.given),
        settings=SettingsModel(),
        defaults=True,
        skip_answered=True,
        overwrite=True,
        quiet=True,
        unsafe=True,  # whoever starts this has asked whether the template's code may run
    )


class _Template(Template):
    """A template that the mirror has exported."""

    request: Request

    vcs = None

    @cached_property
    def local_abspath(self) -> Path:
        return Path(self.request.template).resolve()

    @cached_property
    def commit(self) -> str | None:
        return self.request.version or None

    @cached_property
    def commit_hash(self) -> str | None:
        return self.request.commit or None

    @cached_property
    def version(self) -> Version | None:
        return pep440(self.request.version)


class _Subproject(Subproject):
    """The project: its answers are those that the request has."""

    request: Request

    @cached_property
    def last_answers(self) -> dict[str, Any]:
        return dict(self.request.recorded)

    @cached_property
    def template(self) -> Template | None:
        return None


class _Worker(Worker):
    """A worker for an exported template and, often, a project that is thrown away."""

    def __init__(self, request: Request, **fields: Any) -> None:
        super().__init__(**fields)
        self.request = request

    @cached_property
    def template(self) -> Template:
        made = _Template(self.request.source)
        made.request = self.request
        return made

    @cached_property
    def subproject(self) -> Subproject:
        made = _Subproject(
            self.dst_path.absolute(), self.answers_file or Path(".copier-answers.yml")
        )
        made.request = self.request
        return made

    def answer(self) -> None:
        """Answer all questions; raises `AnswerError` for the one where that fails."""
        try:
            self._ask()
        except (ValueError, TypeError) as error:
            names = self.template.questions_data
            name = next((name for name in names if name not in self.answers.user), "")
            what = " ".join(str(error).split()) or "the answer is not valid"
            raise AnswerError(name, what if name in what else f"{name}: {what}") from error

    def question(self, name: str, details: Mapping[str, Any]) -> Question:
        """Return one of the template's questions, as it is asked after those before it."""
        return Question(
            answers=self.answers,
            context=self._render_context(),
            jinja_env=self.jinja_env,
            settings=self.settings,
            var_name=name,
            **details,
        )

    def migrations(self, stage: Any) -> Any:
        """Return the tasks that lead from the version of the project to the template's."""
        old = _Template(self.request.source)
        old.request = Request(**{**vars(self.request), "version": self.request.since})
        return self.template.migration_tasks(stage, old)

    def patterns(self, templates: Iterable[str]) -> list[str]:
        """Return patterns of files, each of which is a template that may give several lines."""
        more = {"_copier_operation": self.request.operation}
        return [
            line
            for text in templates
            for line in self._render_string(text, more).splitlines()
            if line.strip()
        ]

    def _external_data(self) -> LazyDict[str, Any]:
        """Read data from the project, not from the folder that is rendered into."""
        project = Path(self.request.project)

        def load(path: str) -> Any:
            place = project / self._render_string(path)
            return load_answersfile_data(place.parent, place.name)

        files = self.template.external_data.items()
        return LazyDict({name: lambda path=path: load(path) for name, path in files})  # type: ignore[misc]

    def _render_context(self) -> Any:
        """Name the project's own place, which is the same for two renders that are compared."""
        context = super()._render_context()
        context["_copier_conf"]["dst_path"] = Path(self.request.project)
        context["_folder_name"] = Path(self.request.project).name
        return context

    def _sync_git_index_executable_bit(self, *_: object) -> None:
        """Do nothing: copier asks git about each file that it has written."""


def _reply(at_work: _Worker) -> Reply:
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


def _is_known(name: str, request: Request) -> bool:
    return name in request.given or name in request.recorded


def _asked(question: Question, ask: Ask) -> Any:
    default = question.get_default()

    def objection(answer: Any) -> str:
        try:
            question.validate_answer(question.parse_answer(answer))
        except (
            Exception
        ) as error:  # a validator is code of the template, which raises what it likes
            return " ".join(str(error).split()).partition(": ")[2] or str(error)
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


def pep440(version: str) -> Version | None:
    """Return the version that copier's description of a commit stands for; None for a bare one."""
    found = DISTANCE.fullmatch(version)
    try:
        return Version(f"{found[1]}.post{found[2]}+{found[3]}" if found else version)
    except InvalidVersion:
        return None
