"""Accounts are added to a project whose tables have rows: one account owns them all."""

from __future__ import annotations

from pathlib import Path

import httpx2 as httpx
import pytest

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from generator.versions import store
from generator.versions.locate import find_source
from tests.conftest import Scaffold
from tests.contract.databases import open_databases
from tests.contract.mail import RESET, Mailbox
from tests.contract.server import Server
from tests.lifecycle.conftest import Shop
from tests.lifecycle.in_use import PYTHON, InUse, in_use, opened, skip_without

OWNER, PASSWORD = "ada@example.com", "correct-horse-battery"
WITHOUT = ("--auth", "none")
# Unique and indexed fields, and references to one's own table and to another.
RICH = (
    *WITHOUT,
    "--resource",
    "author name:str:unique bio:text:optional",
    "--resource",
    "book title:str:index isbn:str:unique published:date:optional price:decimal "
    "status:enum=draft,live active:bool more:json:optional author:ref=author "
    "editor:ref=author:unique:optional parent:ref=book:optional",
)
# FastAPI and Flask share the migration, and run it in their own way.
EACH_LANDING = [("fastapi", "sqlite"), ("django", "postgres")]
OTHERS = [("flask", "postgres"), ("fastapi", "postgres"), ("flask", "sqlite"), ("django", "sqlite")]
BY_NIGHT = [pytest.param(*stack, marks=pytest.mark.nightly) for stack in OTHERS]


def set_password(http: httpx.Client, made: InUse) -> None:
    """Do what a person does who has forgotten the password."""
    answer = http.post("/auth/password/forgot", json={"email": OWNER})
    assert answer.status_code == 202
    token = Mailbox(made.mails).token(OWNER, RESET)
    body = {"token": token, "new_password": PASSWORD}
    assert http.post("/auth/password/reset", json=body).status_code == 204


def log_in(http: httpx.Client) -> httpx.Response:
    return http.post("/auth/login", json={"email": OWNER, "password": PASSWORD})


@pytest.mark.slow
@pytest.mark.seconds(12)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *BY_NIGHT])
def test_all_rows_stay_and_belong_to_the_account_that_was_named(
    scaffold: Scaffold,
    framework: str,
    database: str,
    postgres: str | None,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, framework, database, tmp_path, *RICH) as made:
        tables = {"authors": "id, name, created_at", "books": "id, isbn, author_id, editor_id"}
        before = {table: made.rows(table, columns) for table, columns in tables.items()}
        assert all(before.values())
        made.shop.ok("add", "auth", "--owner", "Ada@Example.com")
        made.poe("migrate")
        assert {table: made.rows(table, columns) for table, columns in tables.items()} == before
        ((id, email),) = made.rows("users", "id, email")
        assert email == OWNER
        assert {row for table in tables for row in made.rows(table, "owner_id")} == {(id,)}
        made.check_drift()
        made.prove(request)


@pytest.mark.slow
@pytest.mark.seconds(12)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *BY_NIGHT])
def test_files_belong_to_that_account_too(
    scaffold: Scaffold, framework: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, framework, database, tmp_path, *WITHOUT, "--storage", "files") as made:
        made.settings["STORAGE_URL"] = f"file://{tmp_path}/storage"
        with Server(made.project, made.settings, tmp_path / "log") as server:
            upload = {"file": ("notes.txt", b"some notes", "text/plain")}
            answer = httpx.post(f"{server.url}/api/v1/files", files=upload)
        assert answer.status_code == 201
        made.shop.ok("add", "auth", "--owner", OWNER)
        made.poe("migrate")
        ((id,),) = made.rows("users", "id")
        assert made.rows("files", "owner_id, name, size") == [(id, "notes.txt", 10)]
        made.check_drift()


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(15)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *OTHERS])
def test_the_owner_sets_a_password_and_finds_the_rows(
    scaffold: Scaffold, framework: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, framework, database, tmp_path, *WITHOUT) as made:
        made.shop.ok("add", "auth", "--owner", OWNER)
        made.poe("migrate")
        with Server(made.project, made.settings, tmp_path / "log") as server:
            http = httpx.Client(base_url=f"{server.url}/api/v1")
            made.project.create_admin(OWNER, PASSWORD, made.settings)
            assert made.rows("users", "role") == [("admin",)]
            assert log_in(http).status_code == 401
            set_password(http, made)
            token = log_in(http).json()["access_token"]
            items = http.get("/items", headers={"Authorization": f"Bearer {token}"}).json()
        assert items["total"] == len(made.rows("items"))


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(25)
@pytest.mark.parametrize(("framework", "database"), [*EACH_LANDING, *OTHERS])
def test_accounts_can_be_added_removed_and_added_again(
    scaffold: Scaffold, framework: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, framework, database, tmp_path, *RICH) as made:
        rows = made.rows("books", "id, isbn, editor_id")
        made.shop.ok("add", "auth", "--owner", "grace@example.com")
        made.poe("migrate")
        made.shop.commit()
        made.shop.ok("remove", "auth", "--yes")
        made.poe("makemigrations", "-m", "no accounts")
        made.poe("migrate")
        made.shop.commit()
        made.shop.ok("add", "auth", "--owner", OWNER)
        made.poe("migrate")
        assert made.rows("books", "id, isbn, editor_id") == rows
        emails = dict(made.rows("users", "id, email"))
        assert {emails[owner] for (owner,) in made.rows("books", "owner_id")} == {OWNER}
        made.check_drift()
        made.poe("test", "tests/test_migrations.py")


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(30)
@pytest.mark.parametrize("framework", ["fastapi", "flask", "django"])
def test_a_project_of_an_older_release_is_updated_first(
    scaffold: Scaffold, framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", scaffold.env["HOME"])
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    make_as_released(shop, "v0.3.0", framework, tmp_path / "release")
    assert "First: scaffold update" in shop.failure("add", "auth", "--owner", OWNER)
    shop.ok("update", "--to", store.ensure(find_source()))
    shop.commit()
    made = opened(shop, framework, open_databases("sqlite", tmp_path), tmp_path)
    made.poe("migrate")
    made.poe("seed")
    rows = made.rows("items", "id, title")
    shop.ok("add", "auth", "--owner", OWNER)
    made.poe("migrate")
    assert made.rows("items", "id, title") == rows
    made.check_drift()
    made.poe("test", "tests/test_migrations.py")


def make_as_released(shop: Shop, tag: str, framework: str, folder: Path) -> None:
    """Make what a release made on its day, without accounts, in a new repository."""
    folder.mkdir()
    source = store.fetch(tag, folder)
    options = {"framework": framework, "python_version": PYTHON, "auth": "none"}
    answers = complete(load_catalog(source.root), "shop", options=options, assigned={}, file={})
    render(answers, shop.folder, source, tag)
    shop.git("init", "--quiet")
    shop.commit()
