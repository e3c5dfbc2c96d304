"""Reads `validate.toml`; what is wrong in it is one line that names table and key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from generator.errors import UsageError
from generator.validate.config import (
    ANY,
    LENIENT,
    QUESTIONS,
    STRICT,
    Checks,
    Command,
    Config,
    Covering,
    Edit,
    Environment,
    Rule,
    Server,
    Updates,
    Values,
    word,
)
from generator.validate.fields import Table


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
    command = _of_command(own, name, "run")
    own.check()
    return command


def _of_command(own: Table, name: str, key: str) -> Command:
    return Command(
        name,
        own.text(key, needed=True),
        own.number("seconds", Command.seconds),
        own.texts("reads"),
        {name: _several(value) for name, value in own.anything("only", {}).items()},
        own.text("versions"),
    )


def _server(table: Table) -> Server | None:
    if not table.has("server"):
        return None
    own = table.table("server")
    suite = _of_command(own, "server", "suite")
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
        table.texts("endings"),
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
