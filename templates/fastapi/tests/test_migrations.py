"""The migrations make the tables that the models describe."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from app.cli import alembic_config

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def config(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(pytestconfig.rootpath)
    return alembic_config()


def test_models_have_no_changes_without_a_migration(config: Config) -> None:
    command.upgrade(config, "head")
    command.check(config)


def test_downgrade_leaves_nothing_behind(config: Config) -> None:
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")


def test_made_migration_needs_nothing_of_the_application(config: Config, tmp_path: Path) -> None:
    """What `poe makemigrations` writes runs, and goes on to run when the models have changed."""
    folder = shutil.copytree("migrations", tmp_path / "migrations")
    shutil.rmtree(folder / "versions")
    (folder / "versions").mkdir()
    config.set_main_option("script_location", str(folder))
    command.revision(config, "everything", autogenerate=True)
    (made,) = (folder / "versions").glob("*.py")
    assert "app." not in made.read_text(encoding="utf-8")
    command.upgrade(config, "head")
    command.check(config)
