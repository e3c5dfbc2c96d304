"""A change that loses or opens data in the database says so first, and asks."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_output import in_terminal
from tests.lifecycle.conftest import Shop

TITLE, PAGES = {"name": "title", "type": "str"}, {"name": "pages", "type": "int"}


def resources(*fields: dict[str, str]) -> str:
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


def test_what_adds_data_only_is_not_asked_about(shop: Shop) -> None:
    shop.ok("set", resources(TITLE), "--yes")
    shop.commit()
    shop.ok("set", resources(TITLE, PAGES))


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


def test_accounts_on_rows_that_exist_need_an_owner(shop: Shop) -> None:
    shop.json("remove", "auth", "--yes")
    shop.commit()
    assert "Every row needs an owner" in shop.failure("add", "auth")
