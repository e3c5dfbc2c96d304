"""What a template can tell of its projects besides its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Commands:
    """What an owner types in a project; empty where the template has no such command."""

    dev: str = ""
    test: str = ""
    install: str = ""
    make_migration: str = ""
    merge_migrations: str = ""
    migrate: str = ""


@dataclass(frozen=True)
class Lock:
    """The `file` that locks the dependencies which another file, `of`, declares.

    The commands `make` it, and `check` offline that it is up to date. Its lack breaks what the
    answers to the questions `needed_by` bring, unless they are off.
    """

    file: str
    of: str
    make: str
    check: str
    needed_by: tuple[str, ...]


@dataclass(frozen=True)
class HostFile:
    """A file of a project that its host reads `at` the root of the repository only.

    The file there is a copy, or has the `line` that includes it. In both, "{folder}" stands for the
    project's folder, and "{name}" for a name made of it.
    """

    path: str
    at: str
    line: str


@dataclass(frozen=True)
class Monorepo:
    """How a project's CI runs in a repository of several projects.

    The `answer` is that to the question for the project's folder, which is recorded with answers
    to the questions `needed_by` that are not off.
    """

    answer: str
    needed_by: tuple[str, ...]
    files: tuple[HostFile, ...]


@dataclass(frozen=True)
class FirstRequest:
    """Lines for a shell in the folder of a project with the answers of `when`, while it is served.

    "{resource}" in it stands for the plural of the first resource.
    """

    when: Mapping[str, Any] = field(default_factory=dict)
    shell: str = ""


@dataclass(frozen=True)
class Setting:
    """The name of a setting, and what counts while it is empty."""

    name: str
    default: str


@dataclass(frozen=True)
class Settings:
    """The file with a project's settings, the example that explains them, and what they mean."""

    file: str
    example: str
    database_url: str
    secret_endings: tuple[str, ...]
    least_secret_bytes: int
    host: Setting
    port: Setting


@dataclass(frozen=True)
class MigrationCheck:
    """Arguments for the project's Python, and what is printed when migrations are pending.

    They are for another program of the PATH, if one is named.
    """

    arguments: tuple[str, ...]
    answer: str
    program: str = ""


@dataclass(frozen=True)
class Formatter:
    """A command that reads a file from its input and prints it formatted, and which files it reads.

    "{path}" in the command stands for the file's path in the project.
    """

    command: tuple[str, ...]
    suffixes: tuple[str, ...]


@dataclass(frozen=True)
class Migrations:
    """How the files of migrations are found and read, as `scaffold.yml` explains it."""

    files: str
    name: str
    previous: str
    snapshots: str


@dataclass(frozen=True)
class Models:
    """Where the models of resources are, in which style, and the file that has them in order."""

    style: str
    files: str
    order: str


@dataclass(frozen=True)
class TakenNames:
    """Names that are taken, and by what; only with the answers `when`, where there are any."""

    names: frozenset[str]
    reason: str
    when: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReservedNames:
    """The names that resources, fields and endpoints cannot have."""

    resources: tuple[TakenNames, ...] = ()
    fields: tuple[TakenNames, ...] = ()
    endpoints: tuple[TakenNames, ...] = ()

    @property
    def questions(self) -> set[str]:
        """The questions by whose answers some names are reserved and others not."""
        kinds = (self.resources, self.fields, self.endpoints)
        return {question for kind in kinds for one in kind for question in one.when}

    def given(self, answers: Mapping[str, Any]) -> ReservedNames:
        """Return the names that are reserved with these answers."""
        kinds = (self.resources, self.fields, self.endpoints)
        return ReservedNames(
            *(tuple(one for one in kind if one.when.items() <= answers.items()) for kind in kinds)
        )


@dataclass(frozen=True)
class ProjectNames:
    """The names that a project cannot have: its own folders, and what is installed with it."""

    reserved: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Program:
    """A program that a project needs on the PATH, its lowest major version, and how to get it."""

    name: str
    at_least: int
    cure: str


@dataclass(frozen=True)
class Facts:
    """What is known of the projects of a framework; None or empty where nothing is.

    `packages` is the folder of the dependencies, where that is no environment of Python's.
    `lacking` is the name of a framework that does not have all that others have yet.
    `dropped_table` says what becomes of the rows of a resource that goes; `{table}` stands for its
    plural. `has_defaults` tells whether a field may have a default, `has_access` whether a resource
    may say who reads and writes it, `has_relations` whether a ref may say what a delete does and a
    refs point to many, `has_endpoints` whether a resource may have endpoints of its own,
    `has_existing` whether its table may be one that exists already, `has_limits` whether fields may
    have limits and be unique together. `has_renames` tells whether the template has a migration for
    a field that is renamed, and `has_resource_renames` for a resource,
    `has_references` whether a field may be a ref at all. With `keeps_labels`, tables and migrations
    of a renamed resource are called by its first plural. The answer yes to the
    question `keeps_tables` says that migrations drop no table that is in no model. `tables` are
    those that projects make beside the resources', and `account_tables` those of accounts.
    """

    commands: Commands = Commands()
    urls: Mapping[str, str] = field(default_factory=dict)
    first_request: FirstRequest = FirstRequest()
    settings: Settings | None = None
    migrations: Migrations | None = None
    models: Models | None = None
    pending_migrations: MigrationCheck | None = None
    programs: tuple[Program, ...] = ()
    packages: str = ""
    formatter: Formatter | None = None
    lock: Lock | None = None
    monorepo: Monorepo | None = None
    reserved: ReservedNames = ReservedNames()
    lacking: str = ""
    dropped_table: str = ""
    has_defaults: bool = False
    has_access: bool = False
    has_limits: bool = False
    has_relations: bool = False
    has_references: bool = True
    has_renames: bool = False
    has_resource_renames: bool = False
    keeps_labels: bool = False
    has_endpoints: bool = False
    has_existing: bool = False
    keeps_tables: str = ""
    tables: tuple[str, ...] = ()
    account_tables: tuple[str, ...] = ()
