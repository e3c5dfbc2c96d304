"""T2: the contract's rest, on servers with other settings, for each framework and database.

What a project serves makes no difference to these, so the variants need not each start them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.render import render
from tests.contract.server import Project

from .conftest import Timings, passes
from .model import FRAMEWORKS, Variant, axes, pairwise
from .steps import MORE_SERVERS, Bench, Run

pytestmark = pytest.mark.slow

DATABASES = [str(database) for database in axes()["database"]]


def variant_of(framework: str, database: str) -> Variant:
    """Return one with users, which most of the other settings are about."""
    wanted = (framework, database, "tokens")
    return next(v for v in pairwise() if (v["framework"], v["database"], v["auth"]) == wanted)


@pytest.fixture(scope="module", params=FRAMEWORKS)
def runs(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    timings: Timings,
) -> Iterator[dict[str, Run]]:
    """A rendered project for each database, whose servers are being tested."""
    begun: dict[str, Run] = {}
    with ThreadPoolExecutor(2) as pool:
        for database in DATABASES:
            variant = variant_of(request.param, database)
            folder = tmp_path_factory.mktemp("servers") / variant.answers()["project_name"]
            render(variant.answers(), folder)
            project = Project(folder, programs(variant))
            begun[database] = Run(Bench(project, variant.framework, database, postgres))
        for run in begun.values():
            run.begin([MORE_SERVERS], pool)
        yield begun
    for database, run in begun.items():
        variant = variant_of(request.param, database)
        timings.add(str(variant), run.seconds[MORE_SERVERS], run.seconds)


@pytest.mark.parametrize("database", DATABASES)
def test_servers_with_other_settings(runs: dict[str, Run], database: str) -> None:
    passes(runs[database], MORE_SERVERS)
