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
# What finds a difference between the migrations and the models.
DRIFT = {
    "fastapi": ["alembic", "check"],
    "flask": ["python", "-m", "app.cli", "db", "check"],
}
# What takes all migrations back.
DOWN = {
    "fastapi": [["alembic", "downgrade", "base"]],
    "flask": [["python", "-m", "app.cli", "db", "downgrade", "base"]],
}


class StepError(AssertionError):
    """A step failed; the text is all that its programs said."""


@dataclass(frozen=True)
class Bench:
    """A rendered project, its environment, and a PostgreSQL server's address if there is one.

    A thorough run measures coverage and has those tests of the contract that start more servers.
    """

    project: Project
    framework: str
    database: str
    postgres: str | None
    thorough: bool = True

    def needs_postgres(self, step: str) -> bool:
        on_its_database = step in {"contract", "drift"} and self.database == "postgres"
        return on_its_database or step == "own-tests-on-postgres"

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
    coverage = ["--cov"] if bench.thorough else []
    bench.poe("test", "--quiet", *coverage)


def own_tests_on_postgres(bench: Bench) -> None:
    """The project's own tests, on PostgreSQL."""
    if bench.postgres is None:
        raise NoDatabaseError("no PostgreSQL")
    bench.poe("test", "--quiet", TEST_DATABASE_URL=bench.postgres)


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
    project = ["--project", str(bench.project.directory), "--bin", str(bench.project.bin)]
    options = ["--database", bench.database, "-p", "no:cacheprovider", "--quiet", "--tb=short"]
    if not bench.thorough:
        options += ["-m", "not more_servers"]
    env = dict(os.environ)
    if bench.postgres:
        env["TEST_POSTGRES_URL"] = bench.postgres
    command = [sys.executable, "-m", "pytest", "tests/contract", *project, *options]
    bench.run(*command, env=env, cwd=ROOT)


STEPS: dict[str, Callable[[Bench], None]] = {
    "contract": contract,
    "own-tests": own_tests,
    "own-tests-on-postgres": own_tests_on_postgres,
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
