"""A project moves from SQLite to PostgreSQL with its rows: the advised steps work as printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scaffold
from tests.contract.client import Client
from tests.contract.databases import PostgreSQL, SQLite
from tests.contract.people import Person
from tests.contract.server import Project, Server, default_settings
from tests.lifecycle.conftest import Shop
from tests.variants.workshop import environment

PYTHON = "3.11"
RESOURCES = [
    "author name:str:unique bio:text:optional",
    "book title:str:index isbn:str:unique published:date:optional price:decimal"
    " status:enum=draft,live active:bool rating:float count:int at:datetime token:uuid"
    " more:json:optional mail:email author:ref=author parent:ref=book:optional",
]
BOOKS = {"fastapi": "books", "flask": "books", "django": "books_book"}
DEMO = "demo@example.com"
# A table of the owner's, whose ids the database counts, with plain types of the library.
TABLE = {
    "sqlalchemy": """

class Tag(Base):
    __tablename__ = "books_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    more: Mapped[Any] = mapped_column(JSON, nullable=True)
""",
    "django": """

class Tag(models.Model):
    name = models.TextField()
    seen_at = models.DateTimeField()
    more = models.JSONField(null=True)
""",
}

pytestmark = pytest.mark.slow
# FastAPI and Flask share the command.
frameworks = pytest.mark.parametrize(
    "framework",
    [
        "fastapi",
        pytest.param("flask", marks=pytest.mark.nightly),
        pytest.param("django", marks=pytest.mark.nightly),
    ],
)


@pytest.fixture
def server(postgres: str | None, tmp_path: Path) -> Iterator[PostgreSQL]:
    if postgres is None:
        pytest.skip("there is no PostgreSQL")
    databases = PostgreSQL(tmp_path)
    yield databases
    databases.close()


def make(scaffold: Scaffold, framework: str, database: str) -> tuple[Shop, Project]:
    resources = [word for text in RESOURCES for word in ("--resource", text)]
    choices = ["--framework", framework, "--database", database]
    python = f"python_version={PYTHON}"
    scaffold.ok("new", "shop", "--yes", *choices, "--set", python, *resources)
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    return shop, Project(shop.folder, environment(framework, PYTHON))


def add_table(shop: Shop, framework: str) -> None:
    if framework == "django":
        path, table = "apps/books/models.py", TABLE["django"]
    else:
        path, table = "app/books/models.py", TABLE["sqlalchemy"]
        shop.replace(path, "from sqlalchemy import ", "from sqlalchemy import JSON, DateTime, ")
        shop.replace(path, "import Record", "import Base, Record")
    shop.write(path, shop.read(path) + table)


def sign_in(server: Server, password: str) -> Person:
    return Person.signed_in(Client(server.url, lambda _: None), DEMO, password)


def rows(person: Person) -> dict[str, Any]:
    """Return all that the user has, as the API shows it."""
    paths = ["/users/me", "/authors?size=100", "/books?size=100"]
    return {path: person.get(path).json() for path in paths}


@pytest.mark.seconds(25)
@frameworks
def test_every_row_is_the_same_after_the_printed_steps(
    scaffold: Scaffold, framework: str, server: PostgreSQL, tmp_path: Path
) -> None:
    shop, project = make(scaffold, framework, "sqlite")
    settings = default_settings("sqlite:///app.db", tmp_path)
    project.migrate(settings)
    add_table(shop, framework)
    project.poe("makemigrations", "-m", "tags", settings=settings)
    project.migrate(settings)
    seeded = project.poe("seed", settings=settings).stdout
    password = seeded.strip().removesuffix(".").split()[-1]
    SQLite(shop.folder).execute(
        f"sqlite:///{shop.folder}/app.db",
        "INSERT INTO books_tag (name, seen_at, more) VALUES"
        """ ('one', '2026-07-01 12:00:00', '{"a": 1}'), ('two', '2026-07-01 12:00:00', NULL)""",
    )
    with Server(project, settings, tmp_path / "sqlite.log") as old:
        person = sign_in(old, password)
        books = [book["id"] for book in person.get("/books?size=100").json()["items"]]
        for book, parent in zip(books, [*books[1:], books[0]], strict=True):
            assert person.patch(f"/books/{book}", {"parent_id": parent}).status_code == 200
        before = rows(person)
    shop.commit()

    result = shop.json("set", "database=postgres")

    url = server.fresh()
    server.execute(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET timezone = 'Asia/Tokyo'")
    settings |= {"DATABASE_URL": url}
    printed = [step.partition("uv run poe ")[2].split() for step in result["you_must_do"]]
    for command in filter(None, printed):
        said = project.poe(*command, settings=settings).stdout
    assert " 25 books" in said
    assert len(before["/books?size=100"]["items"]) == 25
    with Server(project, settings, tmp_path / "postgres.log") as new:
        assert rows(sign_in(new, password)) == before
        refreshed = Client(new.url, lambda _: None).post(
            "/auth/refresh", {"refresh_token": person.refresh_token}
        )
        assert refreshed.status_code == 200, "the sessions came, too"
    server.execute(url, "INSERT INTO books_tag (name, seen_at) VALUES ('three', now())")
    columns = "id, name, more::text, seen_at AT TIME ZONE 'UTC'"
    one, two, three = server.execute(url, f"SELECT {columns} FROM books_tag ORDER BY id")
    assert one == (1, "one", '{"a": 1}', dt.datetime(2026, 7, 1, 12))
    assert two == (2, "two", None, dt.datetime(2026, 7, 1, 12))
    assert three[0] == 3, "the database counts on"


REFUSED = {
    "title = printf('%.300c', 'x')": "too long",
    "title = 'a' || char(0)": "NUL",
    "count = 1000000000000": "out of range",
    "author_id = '01890000000070008000000000000000'": "author",
    "token = 'none'": "hexadecimal",
}


@pytest.mark.nightly
@pytest.mark.seconds(15)
@frameworks
def test_a_row_that_postgresql_cannot_have_is_named_and_nothing_is_copied(
    scaffold: Scaffold, framework: str, server: PostgreSQL, tmp_path: Path
) -> None:
    _, project = make(scaffold, framework, "postgres")
    files, books = SQLite(tmp_path), BOOKS[framework]
    old, new = files.fresh(), server.fresh()
    for url in (old, new):
        project.migrate(default_settings(url, tmp_path))
    project.poe("seed", settings=default_settings(old, tmp_path))
    _, (row,), *_ = files.execute(old, f"SELECT id FROM {books}")
    for change, reason in REFUSED.items():
        broken = files.copy(old)
        files.execute(broken, f"UPDATE {books} SET {change} WHERE id = '{row}'")
        result = project.poe(
            "copy-data", broken, settings=default_settings(new, tmp_path), check=False
        )
        assert result.returncode == 1
        assert result.stderr.strip().count("\n") == 0, result.stderr
        line = result.stderr
        assert reason in line
        assert books in line
        assert row in line.replace("-", "")
        assert server.execute(new, f"SELECT count(*) FROM {books}") == [(0,)]
