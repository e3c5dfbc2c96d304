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


def test_models_have_no_changes_without_a_migration() -> None:
    alembic.upgrade()
    assert not alembic.needs_revision()


def test_downgrade_leaves_nothing_behind() -> None:
    alembic.upgrade()
    alembic.downgrade("base")
    alembic.upgrade()


def test_made_migration_needs_nothing_of_the_application(
    migrating: APIFlask, tmp_path: Path
) -> None:
    """What `poe makemigrations` writes runs, and goes on to run when the models have changed."""
    folder = tmp_path / "versions"
    folder.mkdir()
    migrating.config["ALEMBIC"]["version_locations"] = [("default", str(folder))]
    alembic.revision("everything")
    (made,) = folder.glob("0001_*_everything.py")
    assert "app." not in made.read_text(encoding="utf-8")
    alembic.upgrade()
    assert not alembic.needs_revision()
