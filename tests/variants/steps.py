"""What is done with a rendered project to see that it works.

Nothing here knows how projects are rendered: a step is proven for the files that it is given.
"""

from __future__ import annotations

import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

from generator.validate import commands, known, reading
from generator.validate.config import FILE
from tests.contract.databases import NoDatabaseError, open_databases
from tests.contract.server import Project

from .machine import ROOT, type_cache
from .new_field import add_field

TIMEOUT = 300
MORE_SERVERS = "contract-on-more-servers"
COMMANDS = {command.name: command for command in reading.load(ROOT / FILE).commands or ()}
# What takes all migrations back.
DOWN = {
    "fastapi": [["alembic", "downgrade", "base"]],
    "flask": [["python", "-m", "app.cli", "db", "downgrade", "base"]],
    "django": [["python", "manage.py", "migrate", "accounts", "zero"]],
}


class StepError(AssertionError):
    """A step failed; the text says which, and all that its programs said."""


@dataclass(frozen=True)
class Bench:
    """A project, its environment, and a PostgreSQL server's address if there is one."""

    name: str
    project: Project
    framework: str
    database: str
    postgres: str | None
    timeout: float = TIMEOUT

    def needs_postgres(self, step: str) -> bool:
        return STEPS[step].database(self) == "postgres"

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "MYPY_CACHE_DIR": str(type_cache(self.project.bin)),
            "RUFF_NO_CACHE": "true",
            **more,
        }

    def run(self, *command: str, env: Mapping[str, str], cwd: Path | None = None) -> None:
        """Run a program, which may leave nothing running; raises `StepError` when it fails."""
        folder = cwd or self.project.directory
        result = commands.run(command, env=env, cwd=folder, timeout=self.timeout)
        if result.code != 0:
            late = f"not done after {self.timeout:g} s"
            how = late if result.code is None else f"exit code {result.code}"
            raise StepError(f"{self.name}: {' '.join(command)}: {how}\n{result.output}")

    def fail(self, what: str) -> NoReturn:
        raise StepError(f"{self.name}: {what}")

    def poe(self, *arguments: str, **settings: str) -> None:
        env = self.project.environment(self.settings(**settings))
        self.run(*self.project.command(*arguments), env=env)

    def command(self, name: str, **settings: str) -> None:
        """Run a command of validate.toml, which sees the same variables as there."""
        env = self.project.environment(self.settings(**settings))
        self.run(*commands.shell(COMMANDS[name].run), env={**env, "BIN": str(self.project.bin)})

    def take(self, step: str) -> None:
        """Take a step; raises `StepError` with the name of the step when it fails."""
        try:
            STEPS[step].take(self)
        except StepError as error:
            raise StepError(f"{step} of {error}") from None


def check(bench: Bench) -> None:
    """Lint, formatting, types."""
    bench.command("check")


def own_tests(bench: Bench) -> None:
    """The project's own tests, on SQLite."""
    bench.command("own-tests")


def own_tests_on_postgres(bench: Bench) -> None:
    """The project's own tests, on PostgreSQL."""
    if bench.postgres is None:
        raise NoDatabaseError("no PostgreSQL")
    bench.command("own-tests", TEST_DATABASE_URL=bench.postgres)


def coverage(bench: Bench) -> None:
    """The project's own tests, which reach as much of it as its settings demand."""
    bench.poe("test", "--quiet", "--cov")


def additions(bench: Bench) -> None:
    """What an owner added, on both databases."""
    added = ("test", "--quiet", "tests/test_additions.py")
    bench.poe(*added)
    if bench.postgres:
        bench.poe(*added, TEST_DATABASE_URL=bench.postgres)


def drift(bench: Bench) -> None:
    """Migrating an empty database makes the tables that the models describe."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drift-")))
        databases = open_databases(bench.database, folder)
        stack.callback(databases.close)
        bench.command(f"drift-{bench.framework}", TEST_DATABASE_URL=databases.fresh())


def contract(bench: Bench) -> None:
    """The contract suite, over HTTP, against two server processes."""
    run_contract(bench, "not more_servers")


def contract_on_more_servers(bench: Bench) -> None:
    """The rest of it, on servers with other settings."""
    run_contract(bench, "more_servers or at_the_end")


def run_contract(bench: Bench, marks: str) -> None:
    # Bytecode of the suite is worth keeping: pytest takes seconds to compile it.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    if bench.postgres:
        env["TEST_POSTGRES_URL"] = bench.postgres
    command = contract_command(bench.project, bench.database)
    bench.run(*command, "--tb=short", "-m", marks, env=env)


def contract_command(project: Project, database: str) -> list[str]:
    """Return how the whole contract suite is run against a project, with validate.toml's command.

    Options of pytest may follow.
    """
    places = {"PROJECT": project.directory, "BIN": project.bin, "TEMPLATE": ROOT}
    told = {**places, "PYTHON": sys.executable, "ANSWER_DATABASE": database}
    variables = [f"{name}={value}" for name, value in told.items()]
    command = commands.shell(f'{COMMANDS["contract"].run} "$@"')
    return ["env", *variables, *command, "contract", "-m", ""]


# What every step reads of this repository, and what the contract suite does.
ALL_READ = (
    "tests/variants/machine.py",
    "tests/variants/new_field.py",
    "generator/__init__.py",
    "generator/errors.py",
    "generator/validate/__init__.py",
    "generator/validate/commands.py",
    "generator/validate/config.py",
    "generator/validate/fields.py",
    "generator/validate/known.py",
    "generator/validate/reading.py",
    "tests/variants/steps.py",
    "tests/contract/databases.py",
    "tests/contract/relay.py",
    "tests/contract/server.py",
    "tests/__init__.py",
    "tests/contract/__init__.py",
    "tests/variants/__init__.py",
)
SUITE = COMMANDS["contract"].reads


def _its_own(bench: Bench) -> str:
    return bench.database


@dataclass(frozen=True)
class Step:
    """What is done, roughly for how many seconds, and all that it reads besides the project."""

    take: Callable[[Bench], None]
    seconds: float
    reads: tuple[str, ...] = ()
    database: Callable[[Bench], str] = _its_own


OWN_TESTS = {"sqlite": "own-tests", "postgres": "own-tests-on-postgres"}
STEPS: dict[str, Step] = {
    "contract": Step(contract, 30, SUITE),
    MORE_SERVERS: Step(contract_on_more_servers, 45, SUITE),
    OWN_TESTS["sqlite"]: Step(own_tests, 20, database=lambda _: "sqlite"),
    OWN_TESTS["postgres"]: Step(own_tests_on_postgres, 25, database=lambda _: "postgres"),
    "check": Step(check, 15, database=lambda _: "none"),
    "drift": Step(drift, 4),
    "coverage": Step(coverage, 40, database=lambda _: "sqlite"),
    "new-field": Step(
        add_field,
        15,
        database=lambda bench: "postgres" if bench.postgres else "sqlite",
    ),
    "additions": Step(
        additions, 20, database=lambda bench: "postgres" if bench.postgres else "sqlite"
    ),
}


def key(step: str, bench: Bench, tree: known.Tree) -> str:
    """Return the name of the proof that the step passes for a project with these files."""
    database = STEPS[step].database(bench)
    packages = known.frozen(bench.project.bin)
    if STEPS[step].reads:
        packages += known.frozen(Path(sys.executable).parent)
    server = f"{database} {server_version(bench.postgres)}" if database == "postgres" else database
    return known.key(step, tree=tree, environment=packages, suite=read_by(step), server=server)


@cache
def read_by(step: str) -> dict[str, bytes]:
    """Return the files of this repository that the step reads, and how pytest is set up here."""
    names = (*ALL_READ, *STEPS[step].reads)
    found = {path for name in names for path in ROOT.glob(name) if path.is_file()}
    paths = {path for path in found if "__pycache__" not in path.parts}
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    run = sorted((command.name, command.run) for command in COMMANDS.values())
    own = {"pyproject.toml": repr(setup).encode(), "validate.toml": repr(run).encode()}
    return {**files, **own}


@cache
def server_version(url: str | None) -> str:
    """Return the version of the PostgreSQL server at this address."""
    import psycopg

    if url is None:
        raise NoDatabaseError("no PostgreSQL")
    with psycopg.connect(url, connect_timeout=5) as connection:
        return str(connection.execute("SHOW server_version").fetchone())
