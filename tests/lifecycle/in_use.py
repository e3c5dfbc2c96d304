"""A project whose database has rows, and the commands that its owner runs in it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scaffold
from tests.contract.databases import Databases, open_databases
from tests.contract.server import Project, default_settings
from tests.lifecycle.conftest import Shop
from tests.variants.workshop import environment

PYTHON = "3.11"
# What finds a difference between the migrations and the models.
DRIFT = {
    "fastapi": ["alembic", "check"],
    "flask": ["python", "-m", "app.cli", "db", "check"],
    "django": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}
# Django names a table by its app and model.
TABLES = {
    "django": {
        "users": "accounts_user",
        "items": "items_item",
        "authors": "authors_author",
        "books": "books_book",
        "files": "files_file",
        "volumes": "books_volume",
        "people": "authors_person",
    }
}


@dataclass(frozen=True)
class InUse:
    """A project in git with the programs of its environment and its settings."""

    shop: Shop
    project: Project
    framework: str
    databases: Databases
    settings: dict[str, str]
    mails: Path

    def poe(self, *task: str) -> None:
        """Run one of the project's tasks, as the README and the reports give them."""
        self.project.poe(*task, settings=self.settings, timeout=300)

    def prove(self, request: pytest.FixtureRequest) -> None:
        """Run the project's tests of its migrations; by night all its tests, lint and types too.

        The same code is proven for new projects: what is special here are the migrations.
        """
        if request.config.option.everything:
            self.poe("test")
            self.poe("check")
        else:
            self.poe("test", "tests/test_migrations.py")

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return what a table has, in the order of ids."""
        url, name = self.settings["DATABASE_URL"], TABLES.get(self.framework, {}).get(table, table)
        return self.databases.execute(url, f"SELECT {columns} FROM {name} ORDER BY id")

    def check_drift(self) -> None:
        """Compare the database with the models, as `alembic check` does."""
        subprocess.run(
            DRIFT[self.framework],
            cwd=self.shop.folder,
            env=self.project.environment(self.settings),
            check=True,
            capture_output=True,
            timeout=60,
        )


def opened(shop: Shop, framework: str, databases: Databases, folder: Path) -> InUse:
    """Return the project with an empty database; logs and mails go to `folder`."""
    project = Project(shop.folder, environment(framework, PYTHON))
    mails = folder / "mails"
    mails.mkdir()
    settings = default_settings(databases.fresh(), mails)
    return InUse(shop, project, framework, databases, settings, mails)


@contextmanager
def in_use(
    scaffold: Scaffold, framework: str, database: str, folder: Path, *options: str
) -> Iterator[InUse]:
    """Make a project with `options`, migrate its database, and fill it with rows."""
    databases = open_databases(database, folder)
    try:
        python = f"python_version={PYTHON}"
        scaffold.ok("new", "shop", "--yes", "--framework", framework, "--set", python, *options)
        shop = Shop(scaffold.folder / "shop", scaffold.env)
        made = opened(shop, framework, databases, folder)
        made.poe("migrate")
        made.poe("seed")
        yield made
    finally:
        databases.close()


def skip_without(database: str, postgres: str | None) -> None:
    """Skip a test that needs PostgreSQL where there is none."""
    if database == "postgres" and postgres is None:
        pytest.skip("there is no PostgreSQL")
