"""What is done with a rendered project to see that it works."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.databases import NoDatabaseError, open_databases
from tests.contract.server import Project

from .model import ROOT
from .workshop import mypy_cache

TIMEOUT = 300
MORE_SERVERS = "contract-on-more-servers"
# What finds a difference between the migrations and the models.
DRIFT = {
    "fastapi": ["alembic", "check"],
    "flask": ["python", "-m", "app.cli", "db", "check"],
    "django": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}
# What takes all migrations back.
DOWN = {
    "fastapi": [["alembic", "downgrade", "base"]],
    "flask": [["python", "-m", "app.cli", "db", "downgrade", "base"]],
    "django": [["python", "manage.py", "migrate", "accounts", "zero"]],
}


class StepError(AssertionError):
    """A step failed; the text is all that its programs said."""


@dataclass(frozen=True)
class Bench:
    """A rendered project, its environment, and a PostgreSQL server's address if there is one."""

    project: Project
    framework: str
    database: str
    postgres: str | None
    coverage: bool = True

    def needs_postgres(self, step: str) -> bool:
        on_its_database = not step.startswith(("own-tests", "check"))
        return step == "own-tests-on-postgres" or (on_its_database and self.database == "postgres")

    def measuring(self) -> list[str]:
        return ["--cov"] if self.coverage else []

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "MYPY_CACHE_DIR": str(mypy_cache(self.project.bin)),
            "RUFF_NO_CACHE": "true",
            **more,
        }

    def run(self, *command: str, env: dict[str, str], cwd: Path | None = None) -> None:
        result = subprocess.run(
            command,
            cwd=cwd or self.project.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
        )
        if result.returncode:
            raise StepError(f"{' '.join(command)}: exit code {result.returncode}\n{result.stdout}")

    def poe(self, *arguments: str, **settings: str) -> None:
        env = self.project.environment(self.settings(**settings))
        self.run(*self.project.command(*arguments), env=env)


def check(bench: Bench) -> None:
    """Lint, formatting, types."""
    bench.poe("check")


def own_tests(bench: Bench) -> None:
    """The project's own tests, on SQLite."""
    bench.poe("test", "--quiet", *bench.measuring())


def own_tests_on_postgres(bench: Bench) -> None:
    """The project's own tests, on PostgreSQL."""
    if bench.postgres is None:
        raise NoDatabaseError("no PostgreSQL")
    bench.poe("test", "--quiet", *bench.measuring(), TEST_DATABASE_URL=bench.postgres)


def drift(bench: Bench) -> None:
    """Migrating an empty database makes the tables that the models describe."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drift-")))
        databases = open_databases(bench.database, folder)
        stack.callback(databases.close)
        key = "variants-need-a-key-of-thirty-two-bytes-too"
        settings = bench.settings(DATABASE_URL=databases.fresh(), SECRET_KEY=key)
        bench.poe("migrate", **settings)
        program, *arguments = DRIFT[bench.framework]
        env = bench.project.environment(settings)
        bench.run(str(bench.project.bin / program), *arguments, env=env)


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
    bench.run(*command, "--quiet", "--tb=short", "-m", marks, env=env, cwd=ROOT)


def contract_command(project: Project, database: str) -> list[str]:
    """Return how the contract suite is run against a project, in the repository's folder."""
    options = ["--project", str(project.directory), "--bin", str(project.bin)]
    # The suite makes no use of schemathesis, whose plugin takes a second to import.
    options += ["--database", database, "-p", "no:cacheprovider", "-p", "no:schemathesis"]
    return [sys.executable, "-m", "pytest", "tests/contract", *options]


OWN_TESTS = {"sqlite": "own-tests", "postgres": "own-tests-on-postgres"}
STEPS: dict[str, Callable[[Bench], None]] = {
    "contract": contract,
    MORE_SERVERS: contract_on_more_servers,
    OWN_TESTS["sqlite"]: own_tests,
    OWN_TESTS["postgres"]: own_tests_on_postgres,
    "check": check,
    "drift": drift,
}


@dataclass
class Run:
    """The steps of one project, two at a time; each is a future."""

    bench: Bench
    steps: dict[str, Future[None]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def begin(self, names: Iterable[str], pool: ThreadPoolExecutor) -> None:
        self.steps = {name: pool.submit(self._timed, name) for name in names}

    def _timed(self, name: str) -> None:
        start = time.perf_counter()
        try:
            STEPS[name](self.bench)
        finally:
            self.seconds[name] = time.perf_counter() - start
