"""T1: a few variants run for real: every two answers that matter meet, and some are random."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.render import render
from tests.contract.server import Project

from .conftest import Timings
from .model import ROOT, Variant, at_random, pairwise
from .steps import MORE_SERVERS, OWN_TESTS, Bench, Run, StepError

pytestmark = pytest.mark.slow


def seed() -> str:
    """Return what the random variants are picked by: SEED, or the commit that is tested."""
    head = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    return os.environ.get("SEED") or subprocess.check_output(head, text=True).strip()


SEED = seed()
VARIANTS = list(dict.fromkeys([*pairwise(), *at_random(SEED, 1)]))


def one_of_each(*questions: str) -> set[Variant]:
    """Return one of the variants for each combination of answers to these questions."""
    answers = {tuple(v[question] for question in questions): v for v in reversed(VARIANTS)}
    return set(answers.values())


# By these a server with users behaves differently with other settings, whatever it serves,
THOROUGH = {v for v in one_of_each("framework", "database", "auth") if v["auth"] == "tokens"}
# and by these its own tests reach other lines.
MEASURED = one_of_each("framework", "auth")


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def run(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    timings: Timings,
) -> Iterator[Run]:
    """A rendered variant whose steps have begun, two at a time."""
    variant: Variant = request.param
    answers = variant.answers()
    folder = tmp_path_factory.mktemp("variant") / answers["project_name"]
    project = Project(folder, programs(variant))
    measured = variant in MEASURED
    start = time.perf_counter()
    render(answers, folder)
    run = Run(Bench(project, variant.framework, str(variant["database"]), postgres, measured))
    with ThreadPoolExecutor(2) as pool:
        run.begin(steps_of(variant), pool)
        yield run
    timings.add(str(variant), time.perf_counter() - start, run.seconds)


def steps_of(variant: Variant) -> list[str]:
    """Return what is done with it; the longest steps first, since they run two at a time."""
    more = [MORE_SERVERS] if variant in THOROUGH else []
    # Another variant of its framework, with as much to test, begins with the other database.
    return ["contract", *more, OWN_TESTS[str(variant["database"])], "check", "drift"]


@pytest.mark.parametrize("step", ["contract", "check", "drift"])
def test_variant(run: Run, step: str) -> None:
    passes(run, step)


def test_own_tests_of_variant(run: Run) -> None:
    passes(run, OWN_TESTS[run.bench.database])


@pytest.mark.parametrize("run", [v for v in VARIANTS if v in THOROUGH], indirect=True, ids=str)
def test_variant_on_more_servers(run: Run) -> None:
    passes(run, MORE_SERVERS)


def passes(run: Run, step: str) -> None:
    if run.bench.postgres is None and run.bench.needs_postgres(step):
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    failure = run.steps[step].exception()
    if isinstance(failure, StepError):
        pytest.fail(str(failure), pytrace=False)
    run.steps[step].result()
