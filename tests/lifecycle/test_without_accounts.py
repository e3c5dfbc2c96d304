"""Accounts are removed from a project whose tables have rows: the advised steps work as printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.contract.databases import open_databases
from tests.contract.server import SECRET_KEY, Project
from tests.lifecycle.conftest import Shop
from tests.variants.workshop import environment

PYTHON = "3.11"
# Both frameworks share what orders the operations of a migration.
EACH_LANDING = [("fastapi", "postgres"), ("flask", "sqlite")]
BY_NIGHT = [
    pytest.param("fastapi", "sqlite", marks=pytest.mark.nightly),
    pytest.param("flask", "postgres", marks=pytest.mark.nightly),
]


@pytest.mark.slow
@pytest.mark.seconds(15)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *BY_NIGHT])
def test_the_rows_stay_and_the_own_tests_pass(
    scaffold: Scaffold, framework: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    if database == "postgres" and postgres is None:
        pytest.skip("there is no PostgreSQL")
    databases = open_databases(database, tmp_path)
    url = databases.fresh()
    python = f"python_version={PYTHON}"
    scaffold.ok("new", "shop", "--yes", "--framework", framework, "--set", python)
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    project = Project(shop.folder, environment(framework, PYTHON))
    settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}

    def poe(*task: str) -> None:
        project.poe(*task, settings=settings, timeout=120)

    poe("migrate")
    poe("seed")
    rows = databases.execute(url, "SELECT id, title FROM items ORDER BY id")
    assert rows
    shop.ok("remove", "auth", "--yes")
    poe("makemigrations", "-m", "no accounts")
    poe("migrate")
    assert databases.execute(url, "SELECT id, title FROM items ORDER BY id") == rows
    poe("test")
    poe("check")
    databases.close()
