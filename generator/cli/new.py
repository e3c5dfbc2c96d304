"""What each command does, between the command line and the engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.cli import output as report
from generator.cli import wizard
from generator.engine import create as engine
from generator.errors import Interruption, ScaffoldError, UsageError
from generator.project import install
from generator.questions.answers import assignments, complete, read_answers_file
from generator.questions.catalog import load_catalog
from generator.questions.names import check_project_name
from generator.versions.locate import template_root

OPTIONS = ("framework", "database", "auth", "docker", "ci")


def new(name: str | None, given: Mapping[str, Any], command_line: Sequence[str]) -> int:
    """Make a project as `given` on the command line, and return the exit code."""
    catalog = load_catalog(template_root())
    unavailable = catalog.manifest.project_names
    may_ask = _may_ask(given)
    if name is None and not may_ask:
        raise UsageError("The project has no name.", "Write scaffold new NAME.")
    name = wizard.ask_name(unavailable) if name is None else check_project_name(name, unavailable)
    options = {key: given[key] for key in OPTIONS if given[key] is not None}
    assigned = assignments(given["pairs"])
    file = read_answers_file(given["file"]) if given["file"] else {}

    def answers_with(asked: Mapping[str, Any]) -> dict[str, Any]:
        return complete(
            catalog,
            name,
            options={**options, **asked},
            assigned=assigned,
            file=file,
            preset=given["preset"],
            resources=given["resources"],
        )

    answers = answers_with({})  # mistakes are refused before anything is asked
    chosen = {*options, *assigned, *file, *catalog.manifest.presets.get(given["preset"], {})}
    notes = []
    if may_ask:
        answers = answers_with(wizard.ask(catalog.questions, chosen, command_line, name))
    elif "framework" not in chosen:
        notes = [f"The framework is {answers['framework']}, the default; see scaffold list."]
    if given["dry_run"]:
        project = engine.preview(Path.cwd() / name, answers)
        report.project(project, notes, as_json=given["as_json"], dry_run=True)
        return 0
    return _make(Path.cwd() / name, answers, notes, given)


def _may_ask(given: Mapping[str, Any]) -> bool:
    silent = given["yes"] or given["as_json"] or given["file"]
    ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    return not silent and not ci and sys.stdin.isatty() and sys.stdout.isatty()


def _make(
    target: Path, answers: Mapping[str, Any], notes: list[str], given: Mapping[str, Any]
) -> int:
    wants_install = given["install"] or given["start"]
    python = answers["python_version"]
    project = engine.create(target, answers, use_git=not given["no_git"], lock=wants_install)
    if wants_install:
        _install(target, python)
    report.project(
        project,
        notes,
        as_json=given["as_json"],
        installed=wants_install,
        started=given["start"],
    )
    return install.start(target, python) if given["start"] else 0


def _install(target: Path, python_version: str) -> None:
    """Install the dependencies of a project that stands already, and stays whatever happens."""
    cure = f"To go on: cd {target.name} && uv sync"
    try:
        install.uv(target, python_version, "sync")
    except ScaffoldError as error:
        message = f"{target.name} is made, but its dependencies are not installed: {error.message}"
        raise ScaffoldError(message, cure) from error
    except KeyboardInterrupt as error:
        raise Interruption(f"Interrupted; {target.name} is made.", cure) from error


def show_catalog(*, as_json: bool) -> None:
    """Print what can be chosen."""
    catalog = load_catalog(template_root())
    questions, manifest = catalog.questions, catalog.manifest
    if as_json:
        report.print_json(
            {
                "choices": {
                    name: [vars(choice) for choice in questions[name].choices]
                    if questions[name].choices
                    else [True, False]
                    for name in OPTIONS
                },
                "defaults": {name: questions[name].default for name in OPTIONS},
                "presets": manifest.presets,
                "exclusions": [vars(exclusion) for exclusion in manifest.exclusions],
            }
        )
    else:
        report.catalog([questions[name] for name in OPTIONS], manifest)


def show_schema(*, as_json: bool) -> None:
    """Print every question: as JSON Schema, or as lines to read."""
    from generator.questions.schema import answers_schema

    catalog = load_catalog(template_root())
    if as_json:
        report.print_json(answers_schema(catalog))
    else:
        report.questions(list(catalog.questions.values()))
