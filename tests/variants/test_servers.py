"""T2: the contract's rest, on servers with other settings, for each framework and database.

What a project serves makes no difference to these, so the variants need not each start them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from .conftest import Timings, passes, rendered
from .model import FRAMEWORKS, Variant, axes, pairwise
from .steps import MORE_SERVERS, Run

pytestmark = pytest.mark.slow

DATABASES = [str(database) for database in axes()["database"]]


def variant_of(framework: str, database: str) -> Variant:
    """Return one with users, which most of the other settings are about."""
    wanted = (framework, database, "tokens")
    return next(v for v in pairwise() if (v["framework"], v["database"], v["auth"]) == wanted)


@pytest.fixture(scope="module", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def runs(
    framework: str,
    tmp_path_factory: pytest.TempPathFactory,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    timings: Timings,
) -> Iterator[dict[str, Run]]:
    """A rendered project for each database, whose servers are being tested."""
    begun: dict[str, Run] = {}
    with ThreadPoolExecutor(2) as pool:
        for database in DATABASES:
            variant = variant_of(framework, database)
            # Where a Python is missing, the test of that database says so.
            with suppress(pytest.skip.Exception):
                folder = tmp_path_factory.mktemp("servers")
                begun[database] = rendered(variant, folder, programs(variant), postgres)
        for run in begun.values():
            run.begin([MORE_SERVERS], pool)
        yield begun
    for database, run in begun.items():
        variant = variant_of(framework, database)
        timings.add(str(variant), run.seconds[MORE_SERVERS], run.seconds)


@pytest.mark.parametrize("database", DATABASES)
def test_servers_with_other_settings(
    runs: dict[str, Run], framework: str, database: str, programs: Callable[[Variant], Path]
) -> None:
    programs(variant_of(framework, database))
    passes(runs[database], MORE_SERVERS)
