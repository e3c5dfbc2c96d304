"""What a child process that renders somebody else's template is asked for, and what it replies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.errors import did_you_mean

COPY, UPDATE = "copy", "update"
# What a child does, in this order: everything but the files is code of the template.
BEFORE, FILES, AFTER = "before", "files", "after"
MIGRATIONS_BEFORE, MIGRATIONS_AFTER = "migrations before", "migrations after"


@dataclass(frozen=True)
class Request:
    """One render, or code of a template to run.

    `template` is the folder with the template's files, `source` and `version` name it as projects
    record it, `commit` is its full hash and `ref` what was asked for. The files are written to
    `out`, which exists; `project` is where the project is or will be. `given` are answers that
    were assigned, `recorded` those of the project so far. `since` is the version that migrations
    lead away from. With `strict`, undefined names are errors. `steps` are what is done.
    """

    engine: str
    template: str
    source: str
    version: str
    out: str
    project: str
    commit: str = ""
    ref: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] = field(default_factory=dict)
    answers_file: str = ""
    operation: str = COPY
    since: str = ""
    strict: bool = False
    steps: tuple[str, ...] = (FILES,)


@dataclass(frozen=True)
class Reply:
    """What was rendered: the `answers` that are recorded, in the file `record`, and a `message`.

    `context` is cookiecutter's whole context, as cruft records it. Files of the patterns
    `written_once` are the owner's; those that are `excluded` are none of the template's any more.
    The files in `rendered` are the template's own, and not what its hooks installed.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    record: str = ""
    message: str = ""
    written_once: Sequence[str] = ()
    excluded: Sequence[str] = ()
    rendered: Sequence[str] = ()


class TemplateError(Exception):
    """The template, or code of it, failed; the text is one line for a person, `cure` another."""

    def __init__(self, message: str, cure: str = "Tell its maintainers.") -> None:
        super().__init__(message)
        self.cure = cure


class CodeError(TemplateError):
    """A hook, task or migration failed, often for a reason that is not the template's."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "Put right what it says, or leave it out: --no-hooks")


class RefusalError(CodeError):
    """A hook that looks at the answers before anything is rendered refused them."""


class AnswerError(TemplateError):
    """An answer is missing or not valid; `hint` says how to give a good one."""

    def __init__(self, name: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or f"Give an answer: --set {name}=..."


def missing_extension(message: str) -> TemplateError:
    """Return the error for a Jinja extension that is not installed here."""
    found = re.search(r"No module named '([\w.]+)'", message)
    if found is None:
        return TemplateError(" ".join(message.split()))
    name = found[1].partition(".")[0].replace("_", "-")
    return TemplateError(
        f"it needs the Python package {name}, which is not installed with scaffold",
        f"Install it: uv tool install --with {name} scaffold-backend, or: pip install {name}",
    )


def check_names(given: Iterable[str], questions: Sequence[str]) -> None:
    """Raise `AnswerError` for an answer to a question that the template does not ask."""
    for name in given:
        if name not in questions:
            what = f"The template has no question {name!r}."
            raise AnswerError(name, what, did_you_mean(name, list(questions)))
