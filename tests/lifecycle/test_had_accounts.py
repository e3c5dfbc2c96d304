"""A Django project that loses its accounts keeps their models, on which migrations depend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop
from tests.lifecycle.in_use import in_use, skip_without

KEPT = [
    "apps/accounts/__init__.py",
    "apps/accounts/migrations/0001_initial.py",
    "apps/accounts/migrations/__init__.py",
    "apps/accounts/models.py",
]
# An app of the owner's, beside the resources.
NOTE = """\
from django.conf import settings
from django.db import models


class Note(models.Model):
    id = models.BigAutoField(primary_key=True)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
"""
NO_OWNER = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = [migrations.RemoveField(model_name="item", name="owner")]
"""
OWN_APPS = "    # Apps of your own go below this line.\n"


@pytest.fixture
def shop(scaffold: Scaffold) -> Shop:
    """A project with accounts."""
    scaffold.ok("new", "shop", "--yes", "--framework", "django")
    return Shop(scaffold.folder / "shop", scaffold.env)


def had_accounts(shop: Shop) -> bool | None:
    """Return what the project records of accounts that it had."""
    answers = yaml.safe_load(shop.read(".copier-answers.yml"))
    return answers.get("had_accounts")


def test_models_and_migrations_stay_and_the_report_says_so(shop: Shop) -> None:
    assert had_accounts(shop) is None
    initial = shop.read(KEPT[1])
    result = shop.json("remove", "auth", "--yes")
    left = (path for path in (shop.folder / "apps/accounts").rglob("*") if path.is_file())
    assert sorted(path.relative_to(shop.folder).as_posix() for path in left) == KEPT
    assert shop.read(KEPT[1]) == initial
    assert had_accounts(shop) is True
    assert "Accounts and sessions stay in the database" in result["before_you_deploy"][0]
    assert not any("had_accounts" in line for line in result["good_to_know"])


@pytest.mark.nightly
def test_plain_copier_keeps_them(shop: Shop) -> None:
    shop.ok("remove", "auth", "--yes")
    shop.commit()
    before = shop.snapshot()
    version = yaml.safe_load(shop.read(".copier-answers.yml"))["_commit"]
    command = [sys.executable, "-m", "copier", "recopy", "--force", "--vcs-ref", version]
    subprocess.run(command, cwd=shop.folder, env=shop.env, capture_output=True, check=True)
    assert shop.snapshot() == before


def test_accounts_that_come_back_before_a_migration_was_made_are_as_before(shop: Shop) -> None:
    before = shop.snapshot()
    shop.ok("remove", "auth", "--yes")
    shop.commit()
    shop.ok("add", "auth")
    assert shop.snapshot() == before


def test_only_migrations_are_to_be_read_when_accounts_come_back(shop: Shop) -> None:
    shop.ok("remove", "auth", "--yes")
    shop.write("apps/items/migrations/0002_no_owner.py", NO_OWNER)
    shop.commit()
    steps = shop.json("add", "auth", "--owner", "ada@example.com")["you_must_do"]
    told = "Review the migration, which is yours from now on: apps/items/migrations/0003_owner.py"
    assert told in steps


@pytest.mark.nightly
def test_a_project_whose_migrations_are_squashed_may_forget_them(shop: Shop) -> None:
    shop.ok("remove", "auth", "--yes")
    shop.commit()
    assert "squash or rewrite them first" in shop.failure("set", "had_accounts=no")
    shop.ok("set", "had_accounts=no", "--yes")
    assert had_accounts(shop) is None
    assert "accounts" not in shop.read("config/settings.py")


def test_it_is_no_feature(shop: Shop) -> None:
    for command in ("add", "remove"):
        assert "There is no feature 'had_accounts'" in shop.failure(command, "had_accounts")
    assert "had_accounts" not in shop.ok("list")


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.seconds(20)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_rows_of_an_own_app_go_on_referring_to_accounts(
    scaffold: Scaffold, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, "django", database, tmp_path) as made:
        for path, text in {"__init__": "", "migrations/__init__": "", "models": NOTE}.items():
            made.shop.write(f"apps/notes/{path}.py", text)
        made.shop.replace("config/settings.py", OWN_APPS, f'{OWN_APPS}    "apps.notes",\n')
        made.poe("makemigrations", "-m", "notes")
        made.poe("migrate")
        ((user,),) = made.rows("users", "id")
        url = made.settings["DATABASE_URL"]
        add = f"INSERT INTO notes_note (writer_id) VALUES ('{user}') RETURNING writer_id"
        note = made.databases.execute(url, add)
        made.shop.commit()
        made.shop.ok("remove", "auth", "--yes")
        made.poe("makemigrations", "-m", "no accounts")
        made.poe("migrate")
        made.shop.commit()
        assert made.rows("notes_note", "writer_id") == note
        made.shop.ok("add", "auth", "--owner", "demo@example.com")
        made.poe("migrate")
        assert made.rows("items", "owner_id") == note * len(made.rows("items"))
        assert made.rows("notes_note", "writer_id") == note
        made.check_drift()
