"""`import`: the resources of other models, databases and APIs, in a project of ours."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import psycopg
import pytest
import yaml
from psycopg import sql

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

MODELS = """
class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), index=True)
    cover: Mapped[bytes | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
"""
AUTHOR = "author name:str:unique:length=80"
BOOK = "book title:str:index author:ref=author"


@pytest.fixture
def shop(scaffold: Scaffold) -> Shop:
    scaffold.ok("new", "shop", "--yes")
    return Shop(scaffold.folder / "shop", scaffold.env)


def resources(shop: Shop) -> list[str]:
    answers = yaml.safe_load(shop.read(".copier-answers.yml"))
    return [entry["name"] for entry in answers["resources"]]


def test_models_give_the_files_that_generate_would(shop: Shop) -> None:
    shop.write("old.py", MODELS)
    told = shop.json("import", "sqlalchemy", "old.py")
    (shop.folder / "old.py").unlink()
    imported = shop.snapshot()
    shop.ok("destroy", "resource", "book", "--yes")
    shop.ok("destroy", "resource", "author", "--yes")
    shop.ok("generate", "resource", *AUTHOR.split())
    shop.ok("generate", "resource", *BOOK.split())
    assert shop.snapshot() == imported
    assert told["command"] == "import"
    assert told["please_look"] == ["old.py:11: cover is left out: no type of field is like bytes."]
    assert (
        "Make the migration: uv run poe makemigrations -m 'add author and book'"
        in (told["you_must_do"])
    )


def test_what_the_project_has_is_left_alone_and_named(shop: Shop) -> None:
    shop.ok("generate", "resource", "author", "nick:str")
    shop.write("old.py", MODELS)
    told = shop.ok("import", "sqlalchemy", "old.py")
    assert "The project has author already; nothing was changed there." in told
    assert "nick" in shop.read("app/authors/models.py")
    assert "authors.id" in shop.read("app/books/models.py")
    assert "The project has author and book already" in shop.ok("import", "sqlalchemy", "old.py")


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    shop.write("old.py", MODELS)
    before = shop.snapshot()
    told = shop.ok("import", "sqlalchemy", "old.py", "--dry-run")
    assert "app/books/models.py" in told
    assert "cover is left out" in told
    assert shop.snapshot() == before


def test_the_options_for_a_new_project_are_printed_outside_of_one(scaffold: Scaffold) -> None:
    (scaffold.folder / "old.py").write_text(MODELS)
    result = scaffold("import", "sqlalchemy", "old.py", "--print")
    assert result.stdout.splitlines() == [f'--resource "{AUTHOR}" \\', f'--resource "{BOOK}"']
    assert "old.py:11: cover is left out" in result.stderr
    told = json.loads(scaffold("import", "sqlalchemy", "old.py", "--print", "--json").stdout)
    assert told["resources"] == [AUTHOR, BOOK]


def test_django_models_are_read_from_a_folder(scaffold: Scaffold) -> None:
    folder = scaffold.folder / "library"
    (folder / "migrations").mkdir(parents=True)
    field = "    title = models.CharField(max_length=99)\n"
    (folder / "models.py").write_text(f"class Book(models.Model):\n{field}")
    (folder / "migrations/0001.py").write_text("broken (")
    result = scaffold("import", "django", "library", "--print")
    assert (result.stdout, result.stderr) == ('--resource "book title:str:length=99"\n', "")


# A music shop as other tools make it: names in CamelCase, integer keys, one table of links.
MUSIC = """
CREATE TABLE Band (BandId INTEGER PRIMARY KEY, Name NVARCHAR(120) NOT NULL UNIQUE);
CREATE TABLE Record (
    RecordId INTEGER PRIMARY KEY, Title NVARCHAR(160) NOT NULL, BandId INTEGER NOT NULL
    REFERENCES Band (BandId), UnitPrice NUMERIC(10,2) NOT NULL DEFAULT 9.9, Cover BLOB, 
    CHECK (UnitPrice > 0)
);
CREATE INDEX RecordTitle ON Record (Title);
CREATE TABLE OrderLine (
    OrderLineId INTEGER PRIMARY KEY, RecordId INTEGER NOT NULL REFERENCES Record (RecordId),
    Quantity INTEGER NOT NULL DEFAULT 1, SoldAt DATETIME DEFAULT CURRENT_TIMESTAMP, Note TEXT
);
CREATE TABLE ListRecord (
    Place INTEGER, RecordId INTEGER REFERENCES Record (RecordId), PRIMARY KEY (Place, RecordId)
);
CREATE TABLE Country (Code CHAR(2) PRIMARY KEY);
CREATE TABLE Staff (StaffId INTEGER PRIMARY KEY, LastName TEXT NOT NULL,
    ReportsTo INTEGER REFERENCES Staff (StaffId));
CREATE TABLE alembic_version (version_num TEXT);
"""


def test_a_sqlite_file_becomes_resources(scaffold: Scaffold) -> None:
    with closing(sqlite3.connect(scaffold.folder / "music.db")) as database:
        database.executescript(MUSIC)
    before = (scaffold.folder / "music.db").read_bytes()
    told = json.loads(
        scaffold("import", "database", "sqlite:///music.db", "--print", "--json").stdout
    )
    assert told["resources"] == [
        "band name:str:unique:length=120",
        "country code:str:unique",
        "record_entry title:str:index:length=160 band:ref=band:protect "
        "unit_price:decimal=10,2:default=9.90",
        "list_record:unique=place+record place:int record:ref=record_entry:protect",
        "order_line record:ref=record_entry:protect quantity:int:default=1 "
        "sold_at:datetime:optional note:text:optional",
        "staff last_name:text reports_to:ref=staff:optional:protect",
    ]
    assert [f"{one['where']}: {one['text']}" for one in told["remarks"]] == [
        "Band: renamed Band to band, Name to name.",
        "Country: renamed Country to country, Code to code.",
        "Country.Code: code has no limits, which leave few values that all differ.",
        "ListRecord: rows get an id in place of the key (Place, RecordId).",
        "ListRecord: renamed ListRecord to list_record, Place to place, RecordId to record.",
        "OrderLine: renamed OrderLine to order_line, RecordId to record, Quantity to quantity, "
        "SoldAt to sold_at, Note to note.",
        "OrderLine.SoldAt: the default is left out: CURRENT_TIMESTAMP.",
        "Record: its check constraints are left out.",
        "Record: renamed Record to record_entry, Title to title, BandId to band, "
        "UnitPrice to unit_price.",
        "Record.Cover: the column is left out: no type of field is like BLOB.",
        "Staff: renamed Staff to staff, LastName to last_name, ReportsTo to reports_to.",
    ]
    assert (scaffold.folder / "music.db").read_bytes() == before


def test_a_postgresql_database_becomes_resources(scaffold: Scaffold, postgres: str | None) -> None:
    if postgres is None:
        pytest.skip("there is no PostgreSQL")
    name = "import_of_tables"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = postgres.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(url) as database:
        database.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
        database.execute(
            "CREATE TABLE notes (id bigserial PRIMARY KEY, mood mood NOT NULL DEFAULT 'bad',"
            " code varchar(9) NOT NULL UNIQUE, at timestamptz DEFAULT now(), tags text[],"
            " before_id bigint REFERENCES notes)"
        )
    told = json.loads(scaffold("import", "database", url, "--print", "--json").stdout)
    assert told["resources"] == [
        "note mood:enum=good,bad:default=bad code:str:unique:length=9 at:datetime:optional "
        "before:ref=note:optional:protect"
    ]
    assert told["remarks"] == [
        {"where": "notes.at", "text": "the default is left out: now()."},
        {"where": "notes.tags", "text": "the column is left out: no type of field is like text[]."},
    ]


API = """
openapi: 3.1.0
paths:
  /api/v1/login:
    post: {requestBody: {$ref: "#/components/requestBodies/Author"}}
  /api/v1/books:
    get: {}
    post: {requestBody: {$ref: "#/components/requestBodies/Book"}}
  /api/v1/authors/:
    get: {}
    post: {requestBody: {$ref: "#/components/requestBodies/Author"}}
components:
  requestBodies:
    Author: {content: {application/json: {schema: {$ref: "#/components/schemas/Author"}}}}
    Book: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
  schemas:
    Genre: {type: string, enum: [novel, essay]}
    Author: {type: object, required: [name], properties: {name: {type: string, maxLength: 99}}}
    Book:
      type: object
      required: [title, author_id, genre]
      properties:
        title: {type: string, maxLength: 200}
        author_id: {type: string, format: uuid}
        genre: {$ref: "#/components/schemas/Genre"}
        pages: {type: integer, default: 7}
        printed_on: {anyOf: [{type: string, format: date}, {type: "null"}]}
        either: {oneOf: [{type: string}, {type: integer}]}
"""


def test_an_api_that_openapi_describes_becomes_resources(scaffold: Scaffold) -> None:
    (scaffold.folder / "api.yaml").write_text(API)
    result = scaffold("import", "openapi", "api.yaml", "--print")
    assert result.stdout.splitlines() == [
        '--resource "author name:str:length=99" \\',
        '--resource "book title:str author:ref=author genre:enum=novel,essay pages:int:default=7 '
        'printed_on:date:optional"',
    ]
    assert result.stderr == (
        "Note: books.either: the property is left out: it is of several types.\n"
        "Note: paths: left out, as they are of no resource: POST /api/v1/login.\n"
    )


def test_other_operations_of_an_api_become_endpoints_or_are_listed(scaffold: Scaffold) -> None:
    api = yaml.safe_load(API)
    book = next(path for path in api["paths"] if path.endswith("/books"))
    api["security"] = [{"token": []}]
    api["paths"][book]["get"] = {"security": []}
    api["paths"] |= {
        f"{book}/{{id}}": {"get": {}, "patch": {}, "post": {}},
        f"{book}/{{id}}/publish": {"post": {}, "parameters": []},
        f"{book}/{{id}}/pages/{{page}}": {"get": {}},
        f"{book}/latest": {"get": {}},
        f"{book}/list": {"get": {}},
        "/login": {"post": {}},
    }
    (scaffold.folder / "api.yaml").write_text(yaml.safe_dump(api, sort_keys=False))
    told = scaffold("import", "openapi", "api.yaml", "--print")
    assert " publish:POST latest:GET:collection" in told.stdout
    left_out = f"POST {book}/{{id}}, GET {book}/{{id}}/pages/{{page}}, POST /login."
    assert left_out in told.stderr
    assert "books: an endpoint is left out: book.list cannot be" in told.stderr
    assert f"{book}: everybody reads them there." in told.stderr
    assert "authors: everybody" not in told.stderr


def test_schemas_without_collections_become_resources(scaffold: Scaffold) -> None:
    api = yaml.safe_load(API)
    del api["paths"]
    (scaffold.folder / "api.json").write_text(json.dumps(api))
    told = scaffold("import", "openapi", "api.json", "--print").stdout
    assert '--resource "author name:str:length=99"' in told


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("sqlalchemy", "nowhere"), "Give a Python file, or a folder with some."),
        (("django", "empty.py"), "There is nothing to import."),
        (("database", "mysql://localhost/x"), "Write sqlite:///FILE or postgresql://"),
        (("database", "sqlite:///nowhere.db"), "There is no file nowhere.db."),
        (("database", "sqlite:///empty.py"), "There is nothing to import."),
        (("openapi", "nowhere.yaml"), "Name a file."),
        (("openapi", "empty.py"), "describes no API by OpenAPI"),
    ],
)
def test_wrong_use_names_the_cure(
    scaffold: Scaffold, arguments: tuple[str, ...], cure: str
) -> None:
    (scaffold.folder / "empty.py").write_text("")
    assert cure in scaffold.refusal("import", *arguments, "--print")
