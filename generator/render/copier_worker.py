"""Copier's own classes, told which version, answers and place count.

Copier clones a template and renders it into a project. Here the mirror has been exported to a
folder, and the project is often a folder that is thrown away. As in `copier.py`, the classes are
private to the series of copier that is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from copier._main import Worker
from copier._settings import SettingsModel
from copier._subproject import Subproject
from copier._template import Template
from copier._types import LazyDict
from copier._user_data import AnswersMap, Question, load_answersfile_data
from packaging.version import InvalidVersion, Version

from generator.render.request import AnswerError, Request

DISTANCE = re.compile(r"(.+)-(\d+)-g([0-9a-f]+)")  # as git describe has it


def worker(request: Request) -> CopierWorker:
    """Return the copier worker for `request`."""
    return CopierWorker(
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


class CopierWorker(Worker):
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

    def recall(self) -> None:
        """Take the answers that are recorded and given, and ask nothing."""
        self.answers = AnswersMap(
            init=dict(self.request.given),
            last=dict(self.request.recorded),
            metadata=self.template.metadata,
            external=self._external_data(),
        )

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


def pep440(version: str) -> Version | None:
    """Return the version that copier's description of a commit stands for; None for a bare one."""
    found = DISTANCE.fullmatch(version)
    try:
        return Version(f"{found[1]}.post{found[2]}+{found[3]}" if found else version)
    except InvalidVersion:
        return None
