"""The commands `dev` and `test`, which run tasks of a project with the uv that came along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.engine import address, operations
from generator.errors import UsageError
from generator.project import install
from generator.project.record import Project
from generator.questions.facts import Facts
from generator.render.backend import backend_of
from generator.versions.locate import template_root


def dev() -> int:
    """Run the development server of the project in the current folder; return its exit code."""
    project, facts = _opened()
    address.check_port(facts, project.root)
    return _run(project, facts.commands.dev, [])


def test(arguments: Sequence[str]) -> int:
    """Run the project's tests with further `arguments`; return their exit code."""
    project, facts = _opened()
    return _run(project, facts.commands.test, arguments)


def _opened() -> tuple[Project, Facts]:
    project = operations.open_project(Path.cwd())
    manifest = backend_of(template_root()).catalog().manifest
    return project, manifest.facts(project.answers.get("framework"))


def _run(project: Project, command: str, arguments: Sequence[str]) -> int:
    if not command:
        raise UsageError("The template has no command for this.", "See the project's README.md.")
    python = project.answers["python_version"]
    return install.run(project.root, python, command, *arguments)
