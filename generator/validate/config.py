"""`validate.toml`: what varies, what is invalid, and which commands prove a render."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FILE = "validate.toml"
STRICT, LENIENT = "strict", "lenient"
QUESTIONS, ANY = "questions", "any"


@dataclass(frozen=True)
class Rule:
    """Answers that are not tried together, and why; a question may have several values.

    In a `Space`, these are the words of the values.
    """

    when: Mapping[str, tuple[Any, ...]]
    why: str

    def matches(self, picks: Mapping[str, str]) -> bool:
        """Tell whether the words in `picks` are all among those of the rule."""
        return all(picks.get(name) in words for name, words in self.when.items())


@dataclass(frozen=True)
class Values:
    """What is tried as the answer to a question, by the words that name it; None stands for all.

    Free text gets `samples`, of which None stands for all, too. A `command` prints the values as
    one JSON object.
    """

    values: Mapping[str, Any] | None = None
    samples: tuple[str, ...] | None = None
    command: str = ""


@dataclass(frozen=True)
class Command:
    """A command that proves a render: it runs in the render's folder, for `seconds` at the most.

    `reads` are patterns of files beside the template that the result depends on. So is what the
    command `versions` prints, such as the version of a database server. It is run for the answers
    that are in `only`.
    """

    name: str
    run: str
    seconds: float = 600
    reads: tuple[str, ...] = ()
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    versions: str = ""


@dataclass(frozen=True)
class Server:
    """A server that is started in a render, and the suite that is run while it serves `ready`."""

    start: str
    ready: str
    suite: Command


@dataclass(frozen=True)
class Environment:
    """Where commands find their programs: made by `install`, once for each content of `depends_on`.

    With `by`, renders with the same answers to these questions share one. `python` is a version,
    or `$question` where an answer is one.
    """

    install: str = ""
    depends_on: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    python: str = ""
    shared: bool = True


@dataclass(frozen=True)
class Checks:
    """How renders are read: whether undefined names are errors, and which marks are left over.

    A render may take so many `seconds`, its hooks and tasks included.
    """

    undefined: str = STRICT
    marks: str = QUESTIONS
    allowed_marks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    lint: tuple[str, ...] | None = None
    lint_settings: tuple[str, ...] = ("pyproject.toml",)
    seconds: float = 600


@dataclass(frozen=True)
class Covering:
    """Which values occur together: every two, but of `alone` each once, and `together` all.

    Words that differ by one of the `endings` only count as one value.
    """

    alone: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    random: int = 1
    combinations: int = 2000
    from_nothing: int = 3


@dataclass(frozen=True)
class Edit:
    """An edit that a project's owner makes before an update: a text is replaced or appended."""

    file: str
    find: str = ""
    replace: str = ""
    append: str = ""


@dataclass(frozen=True)
class Updates:
    """The releases to update from, None for all, and the edits that are made before."""

    releases: tuple[str, ...] | None = None
    edits: tuple[Edit, ...] = ()
    random: int = 1


@dataclass(frozen=True)
class Config:
    """All of it; `path` is None where there is no file."""

    path: Path | None = None
    directory: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    questions: Mapping[str, Values] = field(default_factory=dict)
    invalid: tuple[Rule, ...] = ()
    left_out: tuple[Rule, ...] = ()
    rendered_only: tuple[Rule, ...] = ()
    commands: tuple[Command, ...] | None = None
    server: Server | None = None
    environment: Environment | None = None
    checks: Checks = Checks()
    covering: Covering = Covering()
    updates: Updates = Updates()
    inert: tuple[str, ...] = ()


def fits(value: Any, wanted: Iterable[Any]) -> bool:
    """Tell whether a value is one of those `wanted`; texts may be patterns such as `*-small`."""
    return any(
        value == one
        or (isinstance(value, str) and isinstance(one, str) and fnmatchcase(value, one))
        for one in wanted
    )


def word(value: Any) -> str:
    """Return the word that names a value of a question."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value).replace(" ", "")
