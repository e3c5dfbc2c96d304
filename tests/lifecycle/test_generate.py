"""`generate` and `destroy`: resources and fields of a project that stands already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop
from tests.lifecycle.in_use import InUse, in_use, skip_without
from tests.variants.model import EACH_LANDING, FRAMEWORKS

BOOK = (
    "book:unique=title+part", "title:str:length=2..80", "part:int:min=1", "pages:int?:max=9999",
    "code:str:unique:pattern=[A-Z]-[0-9]{4}", "price:decimal=8,3",
    "genre:enum=novel,essay:default=essay",
)  # fmt: skip
NOTICE = ("notice:owner=none:read=all:write=admin", "title:str")
# What is written once: it is the owner's, and differs between the two ways.
OWN = ("migrations/", ".env", "app.db")


@pytest.fixture(params=EACH_LANDING)
def shop(scaffold: Scaffold, request: pytest.FixtureRequest) -> Shop:
    scaffold.ok("new", "shop", "--yes", "--framework", request.param)
    return Shop(scaffold.folder / "shop", scaffold.env)


def tree(shop: Shop) -> dict[str, bytes]:
    """Return the content of the files that the template owns."""
    files = shop.snapshot().items()
    return {path: content for path, (content, _) in files if not any(own in path for own in OWN)}


def test_generate_gives_the_files_that_new_would(shop: Shop, scaffold: Scaffold) -> None:
    shop.ok("generate", "resource", *BOOK)
    shop.ok("generate", "resource", *NOTICE)
    framework = shop.read(".copier-answers.yml").split("framework: ")[1].split()[0]
    item = "item title:str description:text? status:enum=todo,doing,done due_on:date?"
    other = replace(scaffold, folder=scaffold.folder / "other")
    other.folder.mkdir()
    resources = [
        part for text in (item, *map(" ".join, (BOOK, NOTICE))) for part in ("--resource", text)
    ]
    other.ok("new", "shop", "--yes", "--framework", framework, *resources)
    assert tree(shop) == tree(Shop(other.folder / "shop", other.env))


def test_destroy_takes_back_what_generate_did(shop: Shop) -> None:
    before = tree(shop)
    shop.ok("g", "resource", *BOOK)
    shop.ok("g", "field", "book", "summary:text?")
    shop.ok("d", "field", "book", "summary", "--yes")
    shop.ok("g", "resource", *NOTICE)
    shop.ok("d", "resource", "notice", "--yes")
    shop.ok("d", "resource", "book", "--yes")
    assert tree(shop) == before


@pytest.fixture
def fastapi(scaffold: Scaffold) -> Shop:
    scaffold.ok("new", "shop", "--yes", "--resource", "book title:str")
    return Shop(scaffold.folder / "shop", scaffold.env)


def test_a_field_is_merged_into_files_that_were_edited(fastapi: Shop) -> None:
    mine = "    shelf: Mapped[str | None] = mapped_column(String(200))\n"
    models = fastapi.read("app/books/models.py")
    fastapi.write("app/books/models.py", models + mine)
    fastapi.commit()
    fastapi.ok("generate", "field", "book", "isbn:str?")
    now = fastapi.read("app/books/models.py")
    assert mine in now
    assert "isbn: Mapped[str | None]" in now


def test_a_field_is_renamed_in_files_that_were_edited(fastapi: Shop) -> None:
    mine = "    shelf: Mapped[str | None] = mapped_column(String(200))\n"
    models = fastapi.read("app/books/models.py")
    fastapi.write("app/books/models.py", f"{models}\n{mine}")
    fastapi.commit()
    told = fastapi.json("rename", "field", "book", "title", "heading")
    now = fastapi.read("app/books/models.py")
    assert mine in now
    assert "heading: Mapped[str]" in now
    assert told["before_you_deploy"] == ["Migrate the database: uv run poe migrate"]
    (migration,) = (f["path"] for f in told["files"] if f["path"].startswith("migrations/"))
    assert 'alter_column("title", new_column_name="heading")' in fastapi.read(migration)
    assert told["you_must_do"] == [
        f"Review the migration, which is yours from now on: {migration}",
        "Migrate the database: uv run poe migrate",
    ]


def test_a_resource_is_renamed_in_files_that_were_edited(fastapi: Shop) -> None:
    fastapi.ok("generate", "resource", "review", "stars:int", "book:ref=book")
    mine = "\n\ndef of_book(book: Book) -> dict[str, str]:\n    return dict({}.items())\n"
    fastapi.write("app/books/models.py", fastapi.read("app/books/models.py") + mine)
    fastapi.write("app/report.py", "from app.books.models import Book\n\nbook_id = Book.id\n")
    fastapi.write("app/books/notes.txt", "A book.\n")
    fastapi.commit()
    told = fastapi.json("rename", "resource", "book", "item/items")
    assert told["conflicts"] == []
    models = "app/books/models.py is now called app/items/models.py; your edits are in it."
    assert told["good_to_know"] == [models]
    theirs = mine.replace("book", "item").replace("Book", "Item")
    assert fastapi.read("app/items/models.py").endswith(theirs)
    assert (
        fastapi.read("app/report.py") == "from app.items.models import Item\n\nbook_id = Item.id\n"
    )
    assert fastapi.read("app/items/notes.txt") == "A book.\n"
    assert 'book_id: Mapped[UUID] = mapped_column(ForeignKey("items.id")' in fastapi.read(
        "app/reviews/models.py"
    )
    assert not list((fastapi.folder / "app/books").glob("*.*"))


def test_a_resource_that_is_renamed_back_is_as_before(shop: Shop) -> None:
    before = tree(shop)
    shop.commit()
    shop.ok("rename", "resource", "item", "thing")
    shop.commit()
    shop.ok("rename", "resource", "thing", "thing/stuff")
    shop.commit()
    shop.ok("rename", "resource", "thing", "item")
    assert tree(shop) == before


def test_an_endpoint_comes_and_goes_and_keeps_its_edit_on_the_way(shop: Shop) -> None:
    before = tree(shop)
    shop.commit()
    shop.ok("g", "endpoint", "item", "publish", "post")
    (code,) = (path for path in tree(shop) if re.search(r"items/(router|routes|views)\.py$", path))
    mine = '"""Publish an item, and tell the press."""'
    shop.replace(code, '"""Publish an item."""', mine)
    shop.commit()
    shop.ok("g", "endpoint", "item", "recent", "GET", "--collection")
    shop.commit()
    shop.ok("rename", "resource", "item", "post")
    assert mine.replace("an item", "a post") in shop.read(code.replace("items", "posts"))
    shop.commit()
    shop.ok("rename", "resource", "post", "item")
    shop.replace(code, mine, '"""Publish an item."""')
    shop.commit()
    for name in ("publish", "recent"):
        shop.ok("d", "endpoint", "item", name)
        shop.commit()
    assert tree(shop) == before


def test_destroy_refuses_to_delete_edited_files_without_force(fastapi: Shop) -> None:
    fastapi.ok("generate", "resource", "tag", "word:str")
    fastapi.write("app/tags/router.py", fastapi.read("app/tags/router.py") + "\n# Mine.\n")
    fastapi.commit()
    refusal = fastapi.failure("destroy", "resource", "tag", "--yes")
    assert "app/tags/router.py would be deleted, with edits of yours." in refusal
    fastapi.ok("destroy", "resource", "tag", "--yes", "--force")
    assert not (fastapi.folder / "app/tags").exists()


def test_without_an_environment_the_report_gives_the_commands(fastapi: Shop) -> None:
    told = fastapi.json("generate", "resource", "tag", "word:str")
    assert told["you_must_do"] == [
        "Install the dependencies: uv sync",
        "Make the migration: uv run poe makemigrations -m 'add tag'",
    ]
    assert told["migrations"] == []


def test_no_migrate_leaves_the_migration_to_the_owner(fastapi: Shop) -> None:
    told = fastapi.ok("generate", "field", "book", "isbn:str?", "--no-migrate")
    assert "Make the migration: uv run poe makemigrations -m" in told


def test_a_dry_run_writes_nothing(fastapi: Shop) -> None:
    before = fastapi.snapshot()
    assert "app/tags/models.py" in fastapi.ok("g", "resource", "tag", "word:str", "-n")
    assert fastapi.snapshot() == before


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("add", "resource", "tag"), "scaffold generate resource NAME FIELD..."),
        (("generate", "field", "book", "pages:int"), "pages:int:default=VALUE"),
        (("generate", "resource", "book", "a:str"), "scaffold generate field book NAME:TYPE"),
        (("generate", "field", "book", "pages:int:max=0"), "pages:int:max=0:default=VALUE"),
        (
            ("generate", "field", "book", "x:str:pattern=[a:]"),
            "Write x:str:optional:pattern=[a:], or give it a default: "
            "x:str:default=VALUE:pattern=[a:]",
        ),
        (("generate", "resource", "tag", "a:str", "--unique", "a,b"), "there is no field 'b'"),
        (("destroy", "field", "book", "titel"), "Did you mean title?"),
        (("destroy", "resource", "book"), "A project needs a resource."),
        (("rename", "field", "book", "titel", "name"), "Did you mean title?"),
        (("rename", "field", "book", "title", "id"), "every resource has or uses that name"),
        (("rename", "resource", "bok", "tome"), "Did you mean book?"),
        (("rename", "resource", "book", "tome:read=all"), "Write NAME, or NAME/PLURAL."),
        (("rename", "resource", "book", "query"), "a library of the project has something"),
        (("generate", "endpoint", "book", "publish", "SEND"), "there is no method 'SEND'"),
        (("generate", "endpoint", "book", "delete", "POST"), "an operation of that name"),
        (("destroy", "endpoint", "book", "publish"), "book has no endpoint 'publish'"),
    ],
)
def test_wrong_use_names_the_cure(fastapi: Shop, arguments: tuple[str, ...], cure: str) -> None:
    assert cure in fastapi.failure(*arguments)


STACKS = [(framework, kind) for framework in FRAMEWORKS for kind in ("sqlite", "postgres")]


def each_night_and_at_a_landing(landing: tuple[str, str]) -> list[Any]:
    """Return every framework on each database, of which all but one are left to the night."""
    by_night = pytest.mark.nightly
    return [one if one == landing else pytest.param(one, marks=by_night) for one in STACKS]


@pytest.fixture
def made(
    scaffold: Scaffold,
    request: pytest.FixtureRequest,
    postgres: str | None,
    tmp_path: Path,
) -> Iterator[InUse]:
    framework, database = request.param
    skip_without(database, postgres)
    book = ("--resource", "book title:str:unique:index author:ref=author")
    book = ("--resource", "author name:str", *book)
    with in_use(scaffold, framework, database, tmp_path, *book) as used:
        # The environment is ready, and nothing is installed into it.
        own = {"UV_PROJECT_ENVIRONMENT": str(used.project.bin.parent), "UV_NO_SYNC": "1"}
        shop = Shop(used.shop.folder, {**used.shop.env, **used.settings, **own})
        shop.commit()
        yield replace(used, shop=shop)


@pytest.mark.slow
@pytest.mark.seconds(20)
@pytest.mark.parametrize("made", each_night_and_at_a_landing(("fastapi", "sqlite")), indirect=True)
def test_resources_and_fields_come_and_go_with_rows_present(
    made: InUse, request: pytest.FixtureRequest
) -> None:
    shop, before = made.shop, made.rows("books", "id, title")
    assert before
    stars = ("stars:int:min=1:max=5", "place:int", "book:ref=book", "--unique", "book,place")
    shop.ok("generate", "resource", "review:read=users", *stars)
    made.poe("migrate")
    shop.commit()
    limited = ("price:decimal=9,3:min=0:default=9.9", "code:str?:unique:pattern=[A-Z]-[0-9]{4}")
    new = ("pages:int:min=1:default=7", *limited, "review:ref=author?")
    told = shop.json("generate", "field", "book", *new)
    assert len(told["migrations"]) == 1
    made.poe("migrate")
    assert made.rows("books", "id, title") == before
    assert {float(price) for (price,) in made.rows("books", "price")} == {9.9}
    assert set(made.rows("books", "pages")) == {(7,)}
    shop.commit()
    shop.ok("destroy", "field", "book", "pages", "--yes")
    made.poe("migrate")
    shop.commit()
    shop.ok("rename", "field", "review", "place", "number")
    made.poe("migrate")
    shop.commit()
    for old, new in {"title": "heading", "author": "writer", "price": "amount"}.items():
        shop.ok("rename", "field", "book", old, new)
        made.poe("migrate")
        shop.commit()
    assert made.rows("books", "id, heading") == before
    package = "apps" if (shop.folder / "manage.py").exists() else "app"
    mine = f"from {package}.books.models import Book\n\n\ndef first(book: Book) -> Book:\n"
    shop.write(f"{package}/books/service.py", f"{mine}    return book\n")
    models = shop.read(f"{package}/books/models.py")
    shop.write(f"{package}/books/models.py", f"{models}\n\nBOOKS: list[Book] = []\n")
    shop.commit()
    renamed = {"author": "person/people", "book": "volume", "review": "opinion"}
    for old, new in renamed.items():
        shop.ok("rename", "resource", old, new)
        made.poe("migrate")
        shop.commit()
    assert made.rows("volumes", "id, heading") == before
    assert len(made.rows("people")) == len(before)
    assert shop.read(f"{package}/volumes/models.py").endswith("\n\nVOLUMES: list[Volume] = []\n")
    moved = (
        f"from {package}.volumes.models import Volume\n\n\ndef first(volume: Volume) -> Volume:\n"
    )
    assert shop.read(f"{package}/volumes/service.py") == f"{moved}    return volume\n"
    assert not (shop.folder / package / "books/models.py").exists()
    made.check_drift()
    made.prove(request)


MODELS = """
class Shelf(Base):
    __tablename__ = "shelves"
    id = Column(Integer, primary_key=True)
    label = Column(String(20), nullable=False, unique=True)

class Place(Base):
    __tablename__ = "places"
    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("books.id"), nullable=False)
    shelf_id = Column(ForeignKey("shelves.id"), nullable=False)
    number = Column(Integer, default=1, nullable=False)
"""


@pytest.mark.slow
@pytest.mark.seconds(20)
@pytest.mark.parametrize("made", each_night_and_at_a_landing(("django", "postgres")), indirect=True)
def test_what_is_imported_comes_with_one_migration(
    made: InUse, request: pytest.FixtureRequest
) -> None:
    made.shop.write("old.py", MODELS)
    told = made.shop.json("import", "sqlalchemy", "old.py")
    assert told["please_look"] == []
    (made.shop.folder / "old.py").unlink()
    of_each_app = (made.shop.folder / "manage.py").exists()
    assert len(told["migrations"]) == (2 if of_each_app else 1)
    made.poe("migrate")
    made.check_drift()
    made.prove(request)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(40)
@pytest.mark.parametrize(("framework", "database"), STACKS)
def test_references_to_many_stay_when_they_or_either_side_are_renamed(
    scaffold: Scaffold,
    framework: str,
    database: str,
    postgres: str | None,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    skip_without(database, postgres)
    post = ("--resource", "post title:str tags:refs=tag related:refs=post")
    options = ("--resource", "tag word:str", *post)
    with in_use(scaffold, framework, database, tmp_path, *options) as made:
        made.shop.commit()
        url = made.settings["DATABASE_URL"]
        # In a Django project, the label of the app stays in the name.
        is_django = framework == "django"
        old = "posts_post_tags" if is_django else "posts_tags"
        new = "posts_article_tags" if is_django else "articles_tags"
        before = made.databases.execute(url, f"SELECT * FROM {old} ORDER BY 1")
        assert before
        for names in (("post", "article"), ("tag", "label")):
            made.shop.ok("rename", "resource", *names)
            made.poe("migrate")
            made.check_drift()
            made.shop.commit()
        assert made.databases.execute(url, f"SELECT * FROM {new} ORDER BY 1") == before
        related = new.replace("tags", "related")
        linked = made.databases.execute(url, f"SELECT * FROM {related} ORDER BY 1")
        for names in (("tags", "labels"), ("related", "similar_articles")):
            made.shop.ok("rename", "field", "article", *names)
            made.poe("migrate")
            made.check_drift()
            made.shop.commit()
        new, related = new.replace("tags", "labels"), new.replace("tags", "similar_articles")
        assert made.databases.execute(url, f"SELECT * FROM {new} ORDER BY 1") == before
        assert made.databases.execute(url, f"SELECT * FROM {related} ORDER BY 1") == linked
        made.poe("test", "tests/test_migrations.py")
        made.prove(request)
