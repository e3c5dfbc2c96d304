"""A change that loses or opens data in the database says so first, and asks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import in_terminal
from tests.lifecycle.conftest import Shop, World

TITLE, PAGES = {"name": "title", "type": "str"}, {"name": "pages", "type": "int"}

DROPPED = "5f0c"
DROPS_USERS = f"""\
from alembic import op

revision = "{DROPPED}"
down_revision = "0001"


def upgrade() -> None:
    op.drop_table("users")


def downgrade() -> None:
    op.create_table("users")
"""


@pytest.fixture(scope="module")
def removed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A project whose accounts were removed, in the migrations as well."""
    folder = tmp_path_factory.mktemp("removed")
    shutil.copytree(world.home, folder / "home")
    shutil.copytree(world.project, folder / "shop", symlinks=True)
    shop = Shop(folder / "shop", world.environment(folder / "home"))
    shop.ok("remove", "auth", "--yes")
    shop.write("migrations/versions/no_accounts.py", DROPS_USERS)
    shop.commit()
    return shop


@pytest.fixture
def open_shop(removed: Shop, tmp_path: Path) -> Shop:
    """A project without accounts, for one test."""
    shutil.copytree(removed.folder, tmp_path / "shop", symlinks=True)
    return Shop(tmp_path / "shop", removed.env)


def migrations(shop: Shop) -> list[str]:
    """Return the paths of those that came with a change of accounts."""
    found = (shop.folder / "migrations/versions").glob("*_accounts.py")
    return [p.relative_to(shop.folder).as_posix() for p in found if p.name != "no_accounts.py"]


def resources(*fields: dict[str, str | bool]) -> str:
    books = {"name": "book", "plural": "books", "fields": fields}
    return f"resources={json.dumps([books])}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["remove", "auth"], "deletes all accounts and sessions"),
        (["set", "auth=none"], "everybody can read, change and delete every row"),
        (["set", resources(TITLE, PAGES)], "drops the table items with all of its rows"),
    ],
)
def test_it_is_refused_where_nobody_can_answer(shop: Shop, change: list[str], says: str) -> None:
    line = shop.failure(*change)
    assert says in line
    assert line.endswith("If you mean it, add --yes.")


def test_values_that_accounts_share_are_told_of_where_fields_are_unique(shop: Shop) -> None:
    code = {"name": "code", "type": "str", "unique": True}
    assert "same" not in shop.failure("remove", "auth")
    shop.ok("set", resources(TITLE, code), "--yes")
    shop.commit()
    line = shop.failure("remove", "auth")
    assert "The migration fails where rows of two accounts have the same code (books)." in line


def test_it_is_asked_about_in_a_terminal(shop: Shop) -> None:
    before = shop.snapshot()
    code, seen = in_terminal(shop, "remove", "auth", type="n\n")
    assert "deletes all accounts and sessions" in seen
    assert seen.endswith("Go on? [y/N]: n\nNothing was changed.\n")
    assert (code, shop.snapshot()) == (1, before)
    code, _ = in_terminal(shop, "remove", "auth", type="y\n")
    assert code == 0
    assert not (shop.folder / "app/auth").exists()


def test_it_is_made_with_yes_and_told_before_what_else_to_deploy(shop: Shop) -> None:
    result = shop.json("remove", "auth", "--yes")
    assert "deletes all accounts" in result["before_you_deploy"][0]
    assert not (shop.folder / "app/auth").exists()


def test_dropped_and_changed_columns_are_named(shop: Shop) -> None:
    shop.json("set", resources(TITLE, PAGES), "--yes")
    shop.commit()
    assert "drops pages of all rows in books" in shop.failure("set", resources(TITLE))
    of_text = {"name": "pages", "type": "text"}
    assert "type of pages in books changes" in shop.failure("set", resources(TITLE, of_text))


def test_narrower_limits_are_told_of_and_rounding_is_asked_about(shop: Shop) -> None:
    code = {"name": "code", "type": "str"}
    rate = {"name": "rate", "type": "decimal", "digits": 12, "decimals": 4}
    shop.ok("set", resources(TITLE, code, {**PAGES, "max": 500}, rate), "--yes")
    shop.commit()
    rounded = resources(TITLE, code, {**PAGES, "max": 500}, {"name": "rate", "type": "decimal"})
    assert "rounds rate of all rows in books to 2 decimals" in shop.failure("set", rounded)
    shorter = {**code, "max_length": 40, "pattern": "[a-z]+"}
    told = shop.json("set", resources(TITLE, shorter, {**PAGES, "max": 100}, rate))
    told = told["before_you_deploy"]
    assert "Values of code in books with more than 40 characters stop the migration." in told
    assert [line for line in told if line.startswith("The limits of pages in books are narrower")]
    shop.commit()
    wider = resources(TITLE, {**code, "max_length": 60}, PAGES, {**rate, "digits": 14})
    assert [line for line in shop.json("set", wider)["before_you_deploy"] if "books" in line] == []


def test_what_adds_data_only_is_not_asked_about(shop: Shop) -> None:
    shop.ok("set", resources(TITLE), "--yes")
    shop.commit()
    told = shop.json("set", resources({**TITLE, "unique": True}, PAGES))["before_you_deploy"]
    assert "title is unique in books: rows with the same value stop the migration." in told
    assert [line for line in told if line.startswith("pages is required, and rows of books may")]
    shop.commit()
    optional = {**PAGES, "name": "weight", "optional": True}
    told = shop.json("set", resources(TITLE, PAGES, optional))["before_you_deploy"]
    assert [line for line in told if "books" in line] == []


def test_rows_that_stay_behind_are_told_of_with_the_steps_that_bring_them(shop: Shop) -> None:
    result = shop.json("set", "database=postgres")
    assert result["state"] == "done"
    assert "rows stay in the SQLite file" in result["before_you_deploy"][0]
    assert result["you_must_do"][-1] == "Copy the rows: uv run poe copy-data sqlite:///app.db"
    shop.commit()
    result = shop.json("set", "database=sqlite")
    assert result["state"] == "done"
    assert "nothing copies them" in result["before_you_deploy"][0]


def test_accounts_bring_the_secret_that_they_need(shop: Shop) -> None:
    shop.json("remove", "auth", "--yes")
    shop.commit()
    shop.write(".env", "PORT=8001")
    result = shop.json("add", "auth", "--yes")
    port, secret = shop.read(".env").splitlines()
    assert port == "PORT=8001"
    assert len(secret.removeprefix("SECRET_KEY=")) == 64
    assert "The setting SECRET_KEY was added to .env." in result["good_to_know"]
    shop.commit()
    shop.json("remove", "auth", "--yes")
    shop.json("add", "auth", "--yes")
    assert shop.read(".env").splitlines() == [port, secret]


def test_rows_that_exist_need_an_owner(open_shop: Shop) -> None:
    for change in (["add", "auth"], ["add", "auth", "--yes"], ["set", "auth=tokens"]):
        line = open_shop.failure(*change)
        assert "Which account gets the rows that exist?" in line
        assert line.endswith("Add --owner EMAIL.")
    assert open_shop("add", "auth").returncode == 2


def test_the_owner_of_the_rows_is_asked_for_in_a_terminal(open_shop: Shop) -> None:
    code, seen = in_terminal(open_shop, "add", "auth", type="nobody\nAda@Example.com\n")
    assert code == 0
    assert "'nobody' is not an email address." in seen
    (path,) = migrations(open_shop)
    assert 'OWNER = "ada@example.com"' in open_shop.read(path)


def test_the_report_names_the_owner_and_the_migration_that_came(open_shop: Shop) -> None:
    planned = open_shop.json("add", "auth", "--owner", "ada@example.com", "--dry-run", "--diff")
    assert migrations(open_shop) == []
    result = open_shop.json("add", "auth", "--owner", "ada@example.com")
    (path,) = migrations(open_shop)
    assert {"path": path, "change": "added"} in planned["files"]
    assert f"+++ b/{path}" in planned["diff"]
    assert planned["you_must_do"] == result["you_must_do"]
    assert any(path in step for step in result["you_must_do"])
    assert not any("Make the migration" in step for step in result["you_must_do"])
    assert result["before_you_deploy"][0].startswith("ada@example.com becomes the owner of all")
    assert "instead of registering" in result["before_you_deploy"][0]
    assert any("SECRET_KEY" in line for line in result["before_you_deploy"])
    assert "ada@example.com" not in open_shop.read(".copier-answers.yml")


def test_the_migration_follows_the_newest_one_and_is_the_owners_from_then_on(
    open_shop: Shop,
) -> None:
    open_shop.ok("add", "auth", "--owner", "ada@example.com")
    (path,) = migrations(open_shop)
    assert f'down_revision = "{DROPPED}"' in open_shop.read(path)
    open_shop.replace(path, '"ada@example.com"', '"grace@example.com"')
    open_shop.commit()
    open_shop.ok("update")
    open_shop.ok("remove", "auth", "--yes")
    assert '"grace@example.com"' in open_shop.read(path)


def test_an_owner_that_is_no_email_address_is_refused(open_shop: Shop) -> None:
    line = open_shop.failure("add", "auth", "--owner", "ada")
    assert line == "Error: 'ada' is not an email address. Write name@example.com."


def test_an_owner_is_refused_where_no_rows_need_one(shop: Shop) -> None:
    line = shop.failure("add", "docker", "--owner", "ada@example.com")
    assert "gives no rows to an account. Leave --owner out" in line


def test_migrations_with_two_heads_are_to_be_merged_first(open_shop: Shop) -> None:
    other = DROPS_USERS.replace(DROPPED, "other")
    open_shop.write("migrations/versions/other.py", other)
    line = open_shop.failure("add", "auth", "--owner", "ada@example.com")
    assert f"2 newest migrations: {DROPPED}, other. Merge them first: uv run alembic merge" in line


def test_a_project_without_any_migration_is_refused(open_shop: Shop) -> None:
    shutil.rmtree(open_shop.folder / "migrations/versions")
    line = open_shop.failure("add", "auth", "--owner", "ada@example.com")
    assert "no migration that another could follow" in line


def test_plain_copier_update_goes_on_working(open_shop: Shop) -> None:
    open_shop.ok("add", "auth", "--owner", "ada@example.com")
    open_shop.commit()
    (path,) = migrations(open_shop)
    before = open_shop.read(path)
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--vcs-ref", "v2.0.0"]
    open_shop.ok("status")  # which stores v2.0.0
    subprocess.run(
        command, cwd=open_shop.folder, env=open_shop.env, capture_output=True, check=True
    )
    assert "_commit: v2.0.0" in open_shop.read(".copier-answers.yml")
    assert open_shop.read(path) == before


def test_resources_do_not_change_together_with_accounts(open_shop: Shop) -> None:
    change = ["auth=tokens", resources(TITLE), "--owner", "ada@example.com", "--yes"]
    assert "cannot change at once" in open_shop.failure("set", *change)


def test_accounts_whose_tables_were_never_dropped_come_back_without_a_migration(shop: Shop) -> None:
    before = shop.snapshot()
    shop.ok("remove", "auth", "--yes")
    shop.commit()
    shop.ok("add", "auth")
    assert shop.snapshot() == before
