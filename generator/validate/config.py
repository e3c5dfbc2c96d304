"""`validate.toml`: what varies, what is invalid, and which commands prove a render."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import UsageError
from generator.validate.fields import Table

FILE = "validate.toml"
STRICT, LENIENT = "strict", "lenient"
QUESTIONS, ANY = "questions", "any"


@dataclass(frozen=True)
class Rule:
    """Answers that are not tried together, and why; a question may have several values."""

    when: Mapping[str, tuple[Any, ...]]
    why: str

    def matches(self, values: Mapping[str, Any]) -> bool:
        """Tell whether `values` are such answers."""
        return all(name in values and values[name] in self.when[name] for name in self.when)


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

    `reads` are patterns of files beside the template that the result depends on. It is run for
    the answers that are in `only`.
    """

    name: str
    run: str
    seconds: float = 600
    reads: tuple[str, ...] = ()
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


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
    """Which values occur together: every two, but of `alone` each once, and `together` all."""

    alone: tuple[str, ...] = ()
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


def load(path: Path) -> Config:
    """Return what is in the file at `path`, the defaults where there is none.

    Raises `UsageError` that names the table and the key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.", "Put it right.") from error
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error
    return _config(Table(path.name, data), path)


def _config(table: Table, path: Path) -> Config:
    config = Config(
        path=path,
        directory=table.text("directory"),
        answers=table.anything("answers", {}),
        questions={
            name: _values(questions, name)
            for questions in [table.table("questions")]
            for name in questions.data
        },
        invalid=tuple(_rule(rule) for rule in table.tables("invalid")),
        left_out=tuple(_rule(rule) for rule in table.tables("left_out")),
        rendered_only=tuple(_rule(rule) for rule in table.tables("rendered_only")),
        commands=_commands(table),
        server=_server(table),
        environment=_environment(table),
        checks=_checks(table.table("checks")),
        covering=_covering(table.table("covering")),
        updates=_updates(table.table("updates")),
        inert=table.texts("inert"),
    )
    table.check()
    return config


def _values(table: Table, name: str) -> Values:
    given = table.data[name]
    table.known.add(name)
    if isinstance(given, list):
        return Values({word(value): value for value in given})
    if not isinstance(given, dict):
        raise UsageError(
            f"{table.where}.{name} must be a list of values or a table.",
            f"Write {name} = [...], or {name} = {{samples = [...]}}.",
        )
    own = table.table(name)
    values = own.anything("values", None)
    named = {word(v): v for v in values} if isinstance(values, list) else values
    samples = own.texts("samples") if own.has("samples") else None
    command = own.text("command")
    own.check()
    return Values(named, samples, command)


def word(value: Any) -> str:
    """Return the word that names a value of a question."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value).replace(" ", "")


def _rule(table: Table) -> Rule:
    when = {name: _several(value) for name, value in table.anything("when", {}).items()}
    why = table.text("why")
    table.check()
    if not when or not why:
        raise UsageError(
            f"{table.where} needs `when` and `why`.",
            'Write when = {question = "value"} and why = "...".',
        )
    return Rule(when, why)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _commands(table: Table) -> tuple[Command, ...] | None:
    if not table.has("commands"):
        return None
    commands = table.table("commands")
    return tuple(_command(commands, name) for name in commands.data)


def _command(table: Table, name: str) -> Command:
    if isinstance(table.data[name], str):
        table.known.add(name)
        return Command(name, table.data[name])
    own = table.table(name)
    command = Command(
        name,
        own.text("run", needed=True),
        own.number("seconds", 600),
        own.texts("reads"),
        {key: _several(value) for key, value in own.anything("only", {}).items()},
    )
    own.check()
    return command


def _server(table: Table) -> Server | None:
    if not table.has("server"):
        return None
    own = table.table("server")
    suite = Command(
        "server",
        own.text("suite", needed=True),
        own.number("seconds", 600),
        own.texts("reads"),
        {key: _several(value) for key, value in own.anything("only", {}).items()},
    )
    server = Server(own.text("start", needed=True), own.text("ready", needed=True), suite)
    own.check()
    return server


def _environment(table: Table) -> Environment | None:
    if not table.has("environment"):
        return None
    own = table.table("environment")
    environment = Environment(
        own.text("install"),
        own.texts("depends_on"),
        own.texts("by"),
        own.text("python"),
        own.flag("shared", default=True),
    )
    own.check()
    return environment


def _checks(table: Table) -> Checks:
    checks = Checks(
        table.one_of("undefined", (STRICT, LENIENT)),
        table.one_of("marks", (QUESTIONS, ANY)),
        table.texts("allowed_marks"),
        table.texts("unread"),
        table.texts("lint") if table.has("lint") else None,
        table.texts("lint_settings") or Checks.lint_settings,
        table.number("seconds", Checks.seconds),
    )
    table.check()
    return checks


def _covering(table: Table) -> Covering:
    together = tuple(map(tuple, table.anything("together", [])))
    covering = Covering(
        table.texts("alone"),
        together,
        int(table.number("random", Covering.random)),
        int(table.number("combinations", Covering.combinations)),
        int(table.number("from_nothing", Covering.from_nothing)),
    )
    table.check()
    return covering


def _updates(table: Table) -> Updates:
    edits = []
    for entry in table.tables("edits"):
        edits.append(
            Edit(
                entry.text("file", needed=True),
                entry.text("find"),
                entry.text("replace"),
                entry.text("append"),
            )
        )
        entry.check()
    releases = table.texts("from") if table.has("from") else None
    updates = Updates(releases, tuple(edits), int(table.number("random", Updates.random)))
    table.check()
    return updates
