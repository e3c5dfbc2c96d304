"""The commands `new`, `list` and `schema`: from their arguments to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cli import output, uv, wizard
from generator.engine import address, create
from generator.errors import Interruption, ScaffoldError, UsageError
from generator.project import install
from generator.questions.answers import assignments, complete, read_answers_file
from generator.questions.facts import Facts
from generator.questions.names import check_project_name
from generator.questions.schema import answers_schema
from generator.render.backend import backend_of
from generator.versions.locate import template_root


@dataclass(frozen=True)
class Arguments:
    """The arguments of `scaffold new`; `options` are the answers given by options of their own."""

    options: Mapping[str, Any]
    resources: Sequence[str]
    pairs: Sequence[str]
    file: Path | None
    preset: str | None
    yes: bool
    dry_run: bool
    as_json: bool
    no_git: bool
    install: bool
    start: bool

    @property
    def may_ask(self) -> bool:
        """Tell whether a person is there to be asked."""
        silent = self.yes or self.as_json or self.file
        ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
        return not silent and not ci and sys.stdin.isatty() and sys.stdout.isatty()


def new(name: str | None, arguments: Arguments, command_line: Sequence[str]) -> int:
    """Make a project as the `command_line` says, and return the exit code."""
    catalog = backend_of(template_root()).catalog()
    unavailable = catalog.manifest.project_names
    if name is None and not arguments.may_ask:
        raise UsageError("The project has no name.", "Write scaffold new NAME.")
    name = wizard.ask_name(unavailable) if name is None else check_project_name(name, unavailable)
    assigned = assignments(arguments.pairs)
    file = read_answers_file(arguments.file) if arguments.file else {}

    def answers_with(asked: Mapping[str, Any]) -> dict[str, Any]:
        return complete(
            catalog,
            name,
            options={**arguments.options, **asked},
            assigned=assigned,
            file=file,
            preset=arguments.preset,
            resources=arguments.resources,
        )

    answers = answers_with({})  # mistakes are refused before anything is asked
    preset = catalog.manifest.presets.get(arguments.preset or "", {})
    chosen = {*arguments.options, *assigned, *file, *preset}
    notes = []
    if arguments.may_ask:
        answers = answers_with(wizard.ask(catalog.questions, chosen, command_line, name))
    elif "framework" not in chosen:
        notes = [f"The framework is {answers['framework']}, the default; see scaffold list."]
    facts = catalog.manifest.facts(answers["framework"])
    if arguments.dry_run:
        project = create.preview(Path.cwd() / name, answers)
        output.project(project, facts, notes, as_json=arguments.as_json, dry_run=True)
        return 0
    if arguments.start:
        address.check_port(facts, Path.cwd() / name)
    if not uv.has_uv():
        notes.append(uv.UV_MISSING)
    return _make(Path.cwd() / name, answers, facts, notes, arguments)


def _make(
    target: Path,
    answers: Mapping[str, Any],
    facts: Facts,
    notes: list[str],
    arguments: Arguments,
) -> int:
    wants_install = arguments.install or arguments.start
    python = answers["python_version"]
    project = create.create(target, answers, use_git=not arguments.no_git, lock=wants_install)
    if wants_install:
        _install(target, python, facts)
    output.project(
        project,
        facts,
        notes,
        as_json=arguments.as_json,
        installed=wants_install,
        started=arguments.start,
    )
    if not arguments.start:
        return 0
    return install.run(target, python, facts.commands.dev, output=sys.stderr)


def _install(target: Path, python_version: str, facts: Facts) -> None:
    """Install the dependencies of a project that stands already, and stays whatever happens."""
    cure = f"To go on: cd {target.name} && {facts.commands.install}"
    try:
        install.uv(target, python_version, "sync")
    except ScaffoldError as error:
        message = (
            f"{target.name} was made, but its dependencies were not installed: {error.message}"
        )
        raise ScaffoldError(message, cure) from error
    except KeyboardInterrupt as error:
        raise Interruption(f"Interrupted; {target.name} was made.", cure) from error


def show_catalog(*, as_json: bool) -> None:
    """Print what can be chosen."""
    catalog = backend_of(template_root()).catalog()
    questions, manifest = catalog.questions, catalog.manifest
    if as_json:
        output.print_json(
            {
                "choices": {
                    name: [vars(choice) for choice in questions[name].choices]
                    if questions[name].choices
                    else [True, False]
                    for name in wizard.ASKED
                },
                "defaults": {name: questions[name].default for name in wizard.ASKED},
                "presets": manifest.presets,
                "exclusions": [vars(exclusion) for exclusion in manifest.exclusions],
            }
        )
    else:
        output.catalog([questions[name] for name in wizard.ASKED], manifest)


def show_schema(*, as_json: bool) -> None:
    """Print every question: as JSON Schema, or as lines to read."""
    catalog = backend_of(template_root()).catalog()
    if as_json:
        output.print_json(answers_schema(catalog))
    else:
        output.questions(list(catalog.questions.values()))
