"""T1: a few variants run for real: every two answers that matter meet, and some are random."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import Timings, passes, rendered
from .model import ROOT, Variant, at_random, pairwise
from .steps import OWN_TESTS, Run

pytestmark = pytest.mark.slow


def seed() -> str:
    """Return what the random variants are picked by: SEED, or the commit that is tested."""
    head = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    return os.environ.get("SEED") or subprocess.check_output(head, text=True).strip()


SEED = seed()
VARIANTS = list(dict.fromkeys([*pairwise(), *at_random(SEED, 1)]))


def number_of_fields(variant: Variant) -> int:
    return sum(len(resource["fields"]) for resource in variant.answers()["resources"])


# Own tests reach other lines where these answers differ, and take twice as long when measured:
# of each combination, the coverage of the smallest variant is.
BY_SIZE = sorted(VARIANTS, key=number_of_fields, reverse=True)
MEASURED = {(v["framework"], v["auth"]): v for v in BY_SIZE}.values()


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
    bin, folder = programs(variant), tmp_path_factory.mktemp("variant")
    start = time.perf_counter()
    run = rendered(variant, folder, bin, postgres, variant in MEASURED)
    with ThreadPoolExecutor(2) as pool:
        # The longest steps first, since they run two at a time.
        run.begin(["contract", OWN_TESTS[run.bench.database], "check", "drift"], pool)
        yield run
    timings.add(str(variant), time.perf_counter() - start, run.seconds)


@pytest.mark.parametrize("step", ["contract", "check", "drift"])
def test_variant(run: Run, step: str) -> None:
    passes(run, step)


def test_own_tests_of_variant(run: Run) -> None:
    passes(run, OWN_TESTS[run.bench.database])
