"""The command `new`: from its arguments to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cli import config, output, uv, wizard
from generator.engine import address, create, programs
from generator.errors import DECLINED, Interruption, ScaffoldError, UsageError
from generator.project import install
from generator.questions.answers import complete
from generator.questions.catalog import Catalog
from generator.questions.facts import Facts
from generator.questions.given import assignments, read_answers_file
from generator.questions.user import UserSettings
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
    no_config: bool
    install: bool
    start: bool

    @property
    def may_ask(self) -> bool:
        """Tell whether a person is there to be asked."""
        silent = self.yes or self.as_json or self.file
        ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
        return not silent and not ci and sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True)
class Given:
    """What the command line, the answers file and the user's settings answer."""

    catalog: Catalog
    name: str | None
    arguments: Arguments
    assigned: Mapping[str, str]
    file: Mapping[str, Any]
    user: UserSettings

    @property
    def chosen(self) -> set[str]:
        """The questions that are answered, not counting defaults."""
        presets = {**self.catalog.manifest.presets, **self.user.presets}
        preset = presets.get(self.arguments.preset or "", {})
        named = {wizard.NAME} if self.name else set()
        resources = {wizard.RESOURCES} if self.arguments.resources else set()
        return {*self.arguments.options, *self.assigned, *self.file, *preset} | named | resources

    def answers(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return all answers, with those that a person was `asked` for."""
        options = {key: asked[key] for key in wizard.ASKED if key in asked}
        return complete(
            self.catalog,
            asked.get(wizard.NAME) or self.name or wizard.example_name(self.catalog),
            options={**self.arguments.options, **options},
            assigned=self.assigned,
            file=self.file,
            preset=self.arguments.preset,
            resources=asked.get(wizard.RESOURCES) or self.arguments.resources,
            user=self.user,
        )


def new(name: str | None, arguments: Arguments, command_line: Sequence[str]) -> int:
    """Make a project as the `command_line` says, and return the exit code."""
    catalog = backend_of(template_root()).catalog()
    if name is None and not arguments.may_ask:
        raise UsageError("The project has no name.", "Write scaffold new NAME.")
    given = Given(
        catalog,
        name,
        arguments,
        assignments(arguments.pairs),
        read_answers_file(arguments.file) if arguments.file else {},
        config.load(catalog, ignore=arguments.no_config),
    )
    answers = given.answers({})  # mistakes are refused before anything is asked
    if not arguments.as_json:
        config.announce(given.user)
    notes = []
    if arguments.may_ask:
        from generator.cli import asking

        if name:
            create.check_target(Path.cwd() / name)
        dry_run = arguments.dry_run
        asked = asking.ask(catalog, given.answers, given.chosen, command_line, dry_run=dry_run)
        if asked is None:
            return DECLINED
        answers = given.answers(asked)
    elif "framework" not in {*given.chosen, *given.user.defaults}:
        notes = [f"Using the default framework, {answers['framework']} (see scaffold list)."]
    facts = catalog.manifest.facts(answers["framework"])
    target = Path.cwd() / answers[wizard.NAME]
    if arguments.dry_run:
        project = create.preview(target, answers)
        settings = given.user.path
        output.project(
            project, facts, notes, config=settings, as_json=arguments.as_json, dry_run=True
        )
        return 0
    if arguments.start:
        address.check_port(facts, target)
    if facts.commands.dev.startswith("uv ") and not uv.has_uv():
        notes.append(uv.UV_MISSING)
    if lacking := programs.lacking(facts):
        notes.append(lacking.line)
    return _make(target, answers, facts, notes, given)


def _make(
    target: Path,
    answers: Mapping[str, Any],
    facts: Facts,
    notes: list[str],
    given: Given,
) -> int:
    arguments = given.arguments
    wants_install = arguments.install or arguments.start
    python = answers.get("python_version", "")
    project = create.create(target, answers, use_git=not arguments.no_git, lock=wants_install)
    if wants_install:
        _install(target, python, facts)
    output.project(
        project,
        facts,
        notes,
        config=given.user.path,
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
        if lacking := programs.lacking(facts):
            raise ScaffoldError(lacking.line)
        install.install(target, python_version, facts.commands.install)
    except ScaffoldError as error:
        message = (
            f"{target.name} was created, but its dependencies were not installed: {error.message}"
        )
        raise ScaffoldError(message, cure) from error
    except KeyboardInterrupt as error:
        raise Interruption(f"Interrupted; {target.name} was created.", cure) from error
