"""Scaffold's own templates, as validate.toml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.validate.results import Progress, State
from generator.validate.run import Options, Run, begin, carry_out
from tests.variants.model import all_variants

ROOT = Path(__file__).parents[2]
DEFAULTS = ("default", "flask", "django")


def silent(_: Progress) -> None: ...


@pytest.fixture(scope="session")
def run() -> Run:
    return begin(Options(ROOT, tiers=(0,), variants=DEFAULTS), silent)


@pytest.mark.seconds(6)
def test_the_generator_refuses_what_validate_toml_calls_invalid_and_nothing_else(
    run: Run,
) -> None:
    assert list(run.plan.wrong) == []
    assert run.plan.complete


def test_validate_toml_leaves_out_nothing_that_is_rendered_elsewhere(run: Run) -> None:
    assert len(run.plan.variants) >= len(all_variants())


@pytest.mark.seconds(6)
def test_the_default_projects_pass_tier_0(run: Run) -> None:
    carry_out(run)
    assert [str(result) for result in run.results if result.state is State.FAILED] == []
    assert set(DEFAULTS) <= {result.variant for result in run.results}


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(60)
def test_all_variants_pass_tier_0() -> None:
    every = begin(Options(ROOT, tiers=(0,), jobs=2, again=True), silent)
    carry_out(every)
    assert [str(result) for result in every.results if result.state is State.FAILED] == []
