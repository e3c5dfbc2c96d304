"""Whether a project's settings are complete and safe, and its database and port are ready."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.engine import port
from generator.errors import ScaffoldError
from generator.project import environment
from generator.project.dotenv import read_env
from generator.project.record import Project
from generator.questions.facts import Facts, Settings

OK, NOT_YET, PROBLEM = "ok", "not yet", "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; without a cure there is nothing to do.

    What is not there yet, and comes with one of a new project's first steps, is for `later`.
    """

    what: str
    cure: str = ""
    later: bool = False

    @property
    def state(self) -> str:
        """Whether it is good, or to be done, and when: one of OK, NOT_YET and PROBLEM."""
        return OK if not self.cure else NOT_YET if self.later else PROBLEM

    @property
    def line(self) -> str:
        return f"{self.what} {self.cure}".rstrip()


def examine_settings(project: Project, facts: Facts) -> Iterator[Finding]:
    """Yield what was found about the settings file, the migrations and the port."""
    settings = facts.settings
    if settings is None:
        yield Finding("The settings were not checked: the template does not name their file")
        yield _migrations(project, facts, {})
        return
    values, example = (read_env(project.root / name) for name in (settings.file, settings.example))
    yield from _settings(facts, settings, values, example)
    if values or not example:
        yield _migrations(project, facts, values or example)
    if settings.port.name:
        yield _port(settings, values or example)


def no_environment(root: Path, facts: Facts) -> Finding:
    """Return what is found where the project has no environment."""
    name = facts.packages or environment.folder(root).name
    return Finding(f"The environment {name} does not exist yet.", install_cure(facts), later=True)


def install_cure(facts: Facts) -> str:
    """Return how a project gets its environment."""
    command = facts.commands.install
    return f"{command} creates it." if command else "Create it."


def _settings(
    facts: Facts, settings: Settings, values: Mapping[str, str], example: Mapping[str, str]
) -> Iterator[Finding]:
    file = settings.file
    if not example:
        return
    if not values:
        command = facts.commands.dev
        cure = f"{command} creates it." if command else f"Copy {settings.example} to {file}."
        yield Finding(f"{file} does not exist yet.", cure, later=True)
        return
    missing = [name for name in example if name not in values]
    if missing:
        cure = f"Copy the settings whose default you do not want from {settings.example}."
        yield Finding(f"{file} does not have {', '.join(missing)}.", cure)
    unknown = [name for name in values if name not in example]
    if unknown:
        yield Finding(
            f"{file} has {', '.join(unknown)}, which {settings.example} does not explain.",
            f"Remove them, or add them to {settings.example}.",
        )
    weak = [
        name
        for name, value in values.items()
        if name.endswith(settings.secret_endings) and name in example
        if value == example[name] or len(value.encode()) < settings.least_secret_bytes
    ]
    for name in weak:
        cure = f"openssl rand -hex {settings.least_secret_bytes} prints a better one."
        yield Finding(f"{name} in {file} can be guessed.", cure)
    if not missing and not weak:
        yield Finding(f"{file} has every setting, and no weak secret")


def _migrations(project: Project, facts: Facts, values: Mapping[str, str]) -> Finding:
    unknown, migrate = "It is not known whether migrations are pending", facts.commands.migrate
    if facts.pending_migrations is None:
        return Finding(f"{unknown}: the template does not say how to find out")
    name = facts.settings.database_url if facts.settings else ""
    url = os.environ.get(name) or values.get(name, "")
    file = project.root / url.removeprefix("sqlite:///").partition("?")[0]
    if url.startswith("sqlite:///") and not file.exists():  # the check would create it
        cure = f"{migrate} creates it." if migrate else "Migrate the database."
        return Finding(f"The database {file.name} does not exist yet.", cure, later=True)
    if not environment.folder(project.root).exists():
        return Finding(f"{unknown} without the environment.", install_cure(facts), later=True)
    try:
        pending = environment.has_pending_migrations(project.root, facts.pending_migrations)
    except environment.NoEnvironmentError as error:
        return Finding(f"{unknown}: {error.message}", install_cure(facts))
    except ScaffoldError as error:
        where = f"{name} in {facts.settings.file}" if facts.settings and name else "its address"
        cure = f"Check that {where} is right and that the database server is running."
        return Finding(f"{unknown}: {error.message}", cure)
    if pending:
        return Finding("The database has pending migrations.", migrate or "Migrate the database.")
    return Finding("The database has every migration")


def _port(settings: Settings, values: Mapping[str, str]) -> Finding:
    host = values.get(settings.host.name) or settings.host.default
    number = values.get(settings.port.name) or settings.port.default
    file, host_name, port_name = settings.file, settings.host.name, settings.port.name
    state = port.probe(host, number)
    what, cure = {
        port.FREE: (f"Port {number} is free", ""),
        port.TAKEN: (
            f"Port {number} of {host} is taken.",
            f"Stop the program that listens there, or set another {port_name} in {file}.",
        ),
        port.FORBIDDEN: (
            f"You may not listen on port {number}.",
            f"Set {port_name} in {file} to a number from 1024.",
        ),
        port.NOT_A_PORT: (
            f"{port_name} in {file} is {number}, which is not a port.",
            "Set it to a number from 1 to 65535.",
        ),
        port.UNKNOWN_HOST: (
            f"{host_name} in {file} is {host}, which has no address.",
            f"Set it to an address of this machine, such as {settings.host.default}.",
        ),
        port.FOREIGN_HOST: (
            f"{host_name} in {file} is {host}, which is not an address of this machine.",
            f"Set it to an address of this machine, such as {settings.host.default}.",
        ),
    }[state]
    return Finding(what, cure)
