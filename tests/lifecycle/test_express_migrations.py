"""Migrations that come with a change of an Express project: renames, and an owner for rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.render.strict import Strict
from generator.validate import commands
from tests.conftest import Scaffold
from tests.contract.databases import Databases, open_databases
from tests.contract.server import Project, default_settings
from tests.lifecycle.conftest import Shop
from tests.lifecycle.in_use import skip_without
from tests.variants import node
from tests.variants.model import ROOT
from tests.variants.test_express import answers

pytestmark = [pytest.mark.posix("Node from a wheel"), pytest.mark.slow]

OPTIONS = (
    *("--framework", "express", "--auth", "none"),
    *("--resource", "author name:str:unique bio:text:optional"),
    *("--resource", "tag:unique=word+kind word:str kind:enum=a,b"),
    "--resource",
    "book title:str:index isbn:str:unique price:decimal author:ref=author "
    "editor:ref=author:unique:optional parent:ref=book:optional tags:refs=tag",
)
# Migrates, compares the database with the entities, takes all migrations back and makes them again.
CHECK = """\
import assert from "node:assert/strict";
import { loadSettings } from "#/core/config.ts";
import { openDatabase } from "#/core/database.ts";
import { hasChanges, migrate } from "#/core/migrations.ts";
import { entities } from "#/entities.ts";

const settings = loadSettings();
const orm = openDatabase(settings, entities);
const differences = () => orm.schema.getUpdateSchemaSQL();
await migrate(orm, settings);
assert.equal(await hasChanges(settings, entities), false);
assert.equal(await differences(), "");
if (process.argv[2] === "again") {
  if (settings.DATABASE_URL.startsWith("sqlite")) {
    await orm.em.fork().execute("pragma foreign_keys = off");
  }
  await orm.migrator.down({ to: 0 });
  await migrate(orm, settings);
  assert.equal(await differences(), "");
}
await orm.close(true);
"""


@dataclass(frozen=True)
class Used:
    """A project whose database has rows."""

    shop: Shop
    project: Project
    databases: Databases
    settings: dict[str, str]

    def change(self, *arguments: str) -> None:
        self.shop.ok(*arguments, "--yes")
        self.shop.commit()

    def run(self, *arguments: str) -> None:
        """Run Node; what it says is in the message where it fails."""
        env = self.project.environment(self.settings)
        command = [str(self.project.bin / "node"), *arguments]
        ended = commands.run(command, env=env, cwd=self.shop.folder, timeout=120)
        assert ended.code == 0, ended.output

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        url = self.settings["DATABASE_URL"]
        return self.databases.execute(url, f"SELECT {columns} FROM {table} ORDER BY 1")


@pytest.mark.seconds(30)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.nightly)]
)
def test_rows_stay_through_renames_and_get_an_owner(
    scaffold: Scaffold, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    with in_use(scaffold, database, tmp_path, *OPTIONS) as used:
        books = used.rows("books", "id, isbn, author_id, parent_id")
        links = used.rows("books_tags", "book_id, tag_id")
        assert books
        assert links
        used.change("rename", "field", "book", "isbn", "code")
        used.change("rename", "field", "tag", "word", "text")
        used.change("rename", "field", "book", "author", "writer")
        used.change("rename", "field", "book", "tags", "labels")
        add_a_column(used)
        used.change("rename", "resource", "book", "volume")
        used.change("rename", "resource", "author", "person")
        used.run("check.ts")
        assert used.rows("volumes", "id, code, writer_id, parent_id") == books
        assert used.rows("volumes_labels", "volume_id, label_id") == links
        used.change("add", "auth", "--owner", "Ada@Example.com")
        used.run("check.ts")
        assert used.rows("volumes", "id, code, writer_id, parent_id") == books
        ((id, email, password),) = used.rows("users", "id, email, password_hash")
        assert email == "ada@example.com"
        assert password.startswith("$argon2id$")
        for table in ("volumes", "people", "tags"):
            assert {owner for (owner,) in used.rows(table, "owner_id")} == {id}
        used.run("check.ts", "again")
        used.run("--test", "tests/migrations.test.ts")


def test_a_snapshot_of_the_migration_tool_needs_no_commit_before_a_rename(
    scaffold: Scaffold,
) -> None:
    scaffold.ok("new", "shop", "--yes", *OPTIONS)
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    shop.commit()
    snapshot = shop.folder / "migrations/sqlite/snapshot.json"
    snapshot.write_text(snapshot.read_text("utf-8") + "\n", "utf-8")
    shop.ok("rename", "field", "author", "bio", "story")


@contextmanager
def in_use(scaffold: Scaffold, database: str, folder: Path, *options: str) -> Iterator[Used]:
    """Make a project with `options`, and fill its database."""
    databases = open_databases(database, folder)
    try:
        scaffold.ok("new", "shop", "--yes", *options)
        shop = Shop(scaffold.folder / "shop", scaffold.env)
        project = Project(shop.folder, node.environment([package_with_all()]))
        (shop.folder / "node_modules").symlink_to(project.bin.parent / "node_modules")
        (shop.folder / "check.ts").write_text(CHECK, "utf-8")
        shop.commit()
        mails = folder / "mails"
        mails.mkdir()
        used = Used(shop, project, databases, default_settings(databases.fresh(), mails))
        used.run("src/cli.ts", "migrate")
        used.run("src/cli.ts", "seed")
        yield used
    finally:
        databases.close()


def package_with_all() -> str:
    """Return the package.json that has the packages of all variants."""
    return Strict(ROOT).render(answers("item"))["package.json"]


def add_a_column(used: Used) -> None:
    """Add a column by hand, with a migration of MikroORM's own."""
    price = "price: decimal(12, 2),\n"
    note = "    note: p.text().strictNullable(),\n"
    used.shop.replace("src/books/model.ts", price, price + note)
    used.run("src/cli.ts", "makemigrations", "-m", "notes")
    used.shop.commit()
