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


def test_migrations_match_the_models(config: Config) -> None:
    command.upgrade(config, "head")
    command.check(config)


def test_downgrade_and_upgrade_again(config: Config) -> None:
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")


def test_new_migration_does_not_import_the_application(config: Config, tmp_path: Path) -> None:
    """The migration must run when the models have changed, too."""
    folder = shutil.copytree("migrations", tmp_path / "migrations")
    shutil.rmtree(folder / "versions")
    (folder / "versions").mkdir()
    config.set_main_option("script_location", str(folder))
    command.revision(config, "everything", autogenerate=True)
    (made,) = (folder / "versions").glob("*.py")
    assert "app." not in made.read_text(encoding="utf-8")
    command.upgrade(config, "head")
    command.check(config)
