"""The commands `dev`, `test` and `uv`, which run a project with the uv that came along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.engine import address, operations
from generator.errors import UsageError
from generator.project import install
from generator.project.record import Project
from generator.questions.facts import Facts
from generator.render.backend import facts_of


def dev() -> int:
    """Run the development server of the project in the current folder; return its exit code."""
    project, facts = _opened()
    address.check_port(facts, project.root)
    return _run(project, facts.commands.dev, [])


def test(arguments: Sequence[str]) -> int:
    """Run the project's tests with further `arguments`; return their exit code."""
    project, facts = _opened()
    return _run(project, facts.commands.test, arguments)


def uv(arguments: Sequence[str]) -> int:
    """Run uv with `arguments` in the current folder of a project; return its exit code."""
    project, _ = _opened()
    python = project.answers.get("python_version", "")
    return install.run(project.root, python, "uv", *arguments, inside=Path.cwd())


def _opened() -> tuple[Project, Facts]:
    project = operations.open_project(Path.cwd())
    if project.external:
        what = "dev, test and uv know projects of scaffold's own template."
        raise UsageError(what, f"See the README of {project.name}.")
    return project, facts_of(project.answers.get("framework"))


def _run(project: Project, command: str, arguments: Sequence[str]) -> int:
    if not command:
        raise UsageError("The template has no command for this.", "See the project's README.md.")
    python = project.answers.get("python_version", "")
    return install.run(project.root, python, command, *arguments)
