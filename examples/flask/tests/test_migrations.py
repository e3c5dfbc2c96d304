"""The migrations make the tables that the models describe."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from app.core.migrations import alembic

pytestmark = pytest.mark.usefixtures("migrating")


@pytest.fixture
def migrating(empty_database: str, make_app: Callable[[], APIFlask]) -> Iterator[APIFlask]:
    """The context of an application whose database has no tables."""
    app = make_app()
    with app.app_context():
        yield app


def test_migrations_match_the_models() -> None:
    alembic.upgrade()
    assert not alembic.needs_revision()


def test_downgrade_and_upgrade_again() -> None:
    alembic.upgrade()
    alembic.downgrade("base")
    alembic.upgrade()


def test_new_migration_does_not_import_the_application(migrating: APIFlask, tmp_path: Path) -> None:
    """The migration must run when the models have changed, too."""
    folder = tmp_path / "versions"
    folder.mkdir()
    migrating.config["ALEMBIC"]["version_locations"] = [("default", str(folder))]
    alembic.revision("everything")
    (made,) = folder.glob("0001_*_everything.py")
    assert "app." not in made.read_text(encoding="utf-8")
    alembic.upgrade()
    assert not alembic.needs_revision()
