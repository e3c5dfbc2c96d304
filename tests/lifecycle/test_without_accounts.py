"""Accounts are removed from a project whose tables have rows: the advised steps work as printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.lifecycle.in_use import in_use, skip_without

# Two frameworks share what orders the operations of a migration.
EACH_LANDING = [("flask", "sqlite"), ("django", "sqlite")]
BY_NIGHT = [
    pytest.param("fastapi", "postgres", marks=pytest.mark.nightly),
    pytest.param("django", "postgres", marks=pytest.mark.nightly),
    pytest.param("fastapi", "sqlite", marks=pytest.mark.nightly),
    pytest.param("flask", "postgres", marks=pytest.mark.nightly),
]


@pytest.mark.slow
@pytest.mark.seconds(8)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *BY_NIGHT])
def test_the_rows_stay_and_the_project_works(
    scaffold: Scaffold,
    framework: str,
    database: str,
    postgres: str | None,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, framework, database, tmp_path) as made:
        rows = made.rows("items", "id, title")
        assert rows
        made.shop.ok("remove", "auth", "--yes")
        made.poe("makemigrations", "-m", "no accounts")
        made.poe("migrate")
        assert made.rows("items", "id, title") == rows
        made.prove(request)
