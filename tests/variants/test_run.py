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
from .steps import STEPS, Bench, Run, StepError

pytestmark = pytest.mark.slow


def seed() -> str:
    """Return what the random variants are picked by: SEED, or the commit that is tested."""
    head = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    return os.environ.get("SEED") or subprocess.check_output(head, text=True).strip()


SEED = seed()
VARIANTS = list(dict.fromkeys([*pairwise(), *at_random(SEED, 2)]))
# One for each of the combinations by which a server behaves differently, whatever it serves.
THOROUGH = {(v.framework, v["database"], v["auth"]): v for v in reversed(VARIANTS)}.values()


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
    thorough = variant in THOROUGH
    start = time.perf_counter()
    render(answers, folder)
    run = Run(Bench(project, variant.framework, str(variant["database"]), postgres, thorough))
    with ThreadPoolExecutor(2) as pool:
        run.begin(STEPS, pool)
        yield run
    timings.add(str(variant), time.perf_counter() - start, run.seconds)


@pytest.mark.parametrize("step", STEPS)
def test_variant(run: Run, step: str) -> None:
    if run.bench.postgres is None and run.bench.needs_postgres(step):
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    failure = run.steps[step].exception()
    if isinstance(failure, StepError):
        pytest.fail(str(failure), pytrace=False)
    run.steps[step].result()
