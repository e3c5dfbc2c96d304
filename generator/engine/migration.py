"""The migration of a change, made by the framework's own tool in the project's environment."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.engine.planned import Change
from generator.project import environment, install
from generator.questions.facts import Commands


@dataclass(frozen=True)
class Made:
    """The text of each new migration by its path, and how to make one that could not be made.

    `failure` is why, and empty where the project is not installed yet.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    failure: str = ""


def named(commands: Commands, message: str) -> str:
    """Return the command that makes a migration with this `message`; empty where there is none."""
    words = shlex.split(commands.make_migration)
    if "-m" not in words:
        return commands.make_migration
    words[words.index("-m") + 1] = message
    return shlex.join(words)


def make(change: Change, message: str) -> Made:
    """Make the migration of a change that was applied; those that came with it count as made.

    The tool compares the models with the database, so that the migrations which it lacks are
    applied first.
    """
    brought = [path for path, what in change.files.items() if what == "added"]
    project, commands = change.project, change.facts.commands
    before = _migrations(change) - set(brought)
    python, command = change.answers.get("python_version", ""), named(commands, message)
    if not environment.is_installed(project.root, change.facts):
        return Made(_texts(change, before), command)
    ended = install.captured(project.root, python, command)
    if ended.code and not install.captured(project.root, python, commands.migrate).code:
        ended = install.captured(project.root, python, command)
    files = _texts(change, before)
    return Made(files, command, ended.reason) if ended.code else Made(files)


def _migrations(change: Change) -> set[str]:
    root, where = change.project.root, change.facts.migrations
    if where is None:
        return set()
    return {path.relative_to(root).as_posix() for path in root.glob(where.files)}


def _texts(change: Change, before: set[str]) -> dict[str, str]:
    root: Path = change.project.root
    new = sorted(path for path in _migrations(change) - before if not path.endswith("__init__.py"))
    return {path: (root / path).read_text(encoding="utf-8", errors="replace") for path in new}
