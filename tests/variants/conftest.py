"""What the tests of the variants share: every one of them rendered, once; a database server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.render.backend import render
from tests.contract.databases import NoDatabaseError, PostgreSQL
from tests.contract.server import Project

from .distinct import Distinct, distinct_files
from .model import ROOT, Variant, all_variants
from .pythons import NoPythonError
from .steps import Bench, Run, StepError
from .strict import Render, Strict
from .workshop import environment


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: runs projects; without these, tests take seconds")


@pytest.fixture(scope="session")
def renders() -> dict[Variant, Render]:
    """The files of each variant."""
    strict = Strict(ROOT)
    return {variant: strict.render(variant.answers()) for variant in all_variants()}


@pytest.fixture(scope="session")
def distinct(renders: dict[Variant, Render]) -> Distinct:
    """Each different file once, whatever the number of variants that have it."""
    return distinct_files(renders)


@pytest.fixture(scope="session")
def programs() -> Callable[[Variant], Path]:
    """The environment's programs for a variant, or a skip where no Python is new enough for it."""

    def find(variant: Variant) -> Path:
        try:
            return environment(variant.framework, str(variant["python_version"]))
        except NoPythonError as error:
            pytest.skip(f"{variant}: {error}")

    return find


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """The address of a PostgreSQL server; where CI has none, that is a failure."""
    try:
        databases = PostgreSQL(tmp_path_factory.mktemp("postgres"))
    except NoDatabaseError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        yield None
    else:
        yield databases.server
        databases.close()


def rendered(
    variant: Variant, folder: Path, bin: Path, postgres: str | None, coverage: bool = True
) -> Run:
    """Render a variant into a new folder in `folder`, for steps that are still to begin."""
    answers = variant.answers()
    project = Project(folder / answers["project_name"], bin)
    render(answers, project.directory)
    return Run(Bench(project, variant.framework, answers["database"], postgres, coverage))


def passes(run: Run, step: str) -> None:
    """Wait for a step that has begun, and fail with what its programs said."""
    if run.bench.postgres is None and run.bench.needs_postgres(step):
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    failure = run.steps[step].exception()
    if isinstance(failure, StepError):
        pytest.fail(str(failure), pytrace=False)
    run.steps[step].result()


@dataclass
class Timings:
    """How long variants and their steps took: said at the end, judged by nobody."""

    lines: list[str] = field(default_factory=list)

    def add(self, variant: str, whole: float, steps: Mapping[str, float]) -> None:
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())
        self.lines.append(f"{whole:5.1f} s  {variant}  ({parts})")


TIMINGS = pytest.StashKey[Timings]()


@pytest.fixture(scope="session")
def timings(request: pytest.FixtureRequest) -> Timings:
    return request.config.stash.setdefault(TIMINGS, Timings())


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if TIMINGS in config.stash:
        from .test_run import SEED

        terminalreporter.section(f"variants that ran (SEED={SEED})")
        for line in config.stash[TIMINGS].lines:
            terminalreporter.write_line(line)
