"""Migrations: Alembic, set up for `flask db`."""

import logging
from collections.abc import Callable
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import TypeDecorator
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.core.database import Base, db

FOLDER = Path(__file__).parents[2] / "migrations"


class Migrations(Alembic):
    """Flask-Alembic, for SQLite as well, and for two migrations at once."""

    def run_migrations(self, fn: Callable[..., Any], **kwargs: Any) -> None:
        connection = self.migration_context.connection
        assert connection is not None
        driver_connection: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            # SQLite alters a table by copying it and dropping the old one, which would delete the
            # rows that refer to it. This connection is not used for anything else afterwards.
            driver_connection.execute("PRAGMA foreign_keys = OFF")
            return super().run_migrations(fn, **kwargs)
        driver_connection.has_limit = False
        with db.engine.begin() as guard:
            guard.connection.driver_connection.has_limit = False  # type: ignore[union-attr]
            # Of two migrations at once, one waits for the other.
            guard.execute(sa.text("SELECT pg_advisory_xact_lock(727201)"))
            super().run_migrations(fn, **kwargs)

    def rev_id(self) -> str:
        """The number of the next migration, and a random part, which differs between branches."""
        number = len(list(self.script_directory.walk_revisions())) + 1
        return f"{number:04}_{token_hex(2)}"


alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)
# Flask-Alembic has given them handlers, which would write each line once more, and a level.
for name in ("alembic", "sqlalchemy"):
    logging.getLogger(name).handlers.clear()
logging.getLogger("alembic").setLevel(logging.NOTSET)


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Keep the application out of the migrations, which must run when it has changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return False


rewriter = Rewriter()


@rewriter.rewrites(ops.AddColumnOp)
def fill_existing_rows(_context: Any, _revision: Any, op: ops.AddColumnOp) -> ops.AddColumnOp:
    """Give a new required column its default in the database, for the rows that exist."""
    default = op.column.default
    if op.column.nullable or not isinstance(default, ScalarElementColumnDefault):
        return op
    value = default.arg
    literal = str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, int | float | Decimal):
        literal = "'" + literal.replace("'", "''") + "'"
    column = sa.Column(
        op.column.name, op.column.type, nullable=False, server_default=sa.text(literal)
    )
    return ops.AddColumnOp(op.table_name, column, schema=op.schema)


@rewriter.rewrites(ops.UpgradeOps)
def drop_tables_last(_context: Any, _revision: Any, op: ops.UpgradeOps) -> ops.UpgradeOps:
    """Drop a table after all columns and tables that refer to it."""
    drops = [one for one in op.ops if isinstance(one, ops.DropTableOp)]
    others = [one for one in op.ops if one not in drops]
    op.ops = [*others, *reversed(referred_first(drops))]
    return op


@rewriter.rewrites(ops.DowngradeOps)
def create_tables_first(_context: Any, _revision: Any, op: ops.DowngradeOps) -> ops.DowngradeOps:
    creates = [one for one in op.ops if isinstance(one, ops.CreateTableOp)]
    others = [one for one in op.ops if one not in creates]
    op.ops = [*referred_first(creates), *others]
    return op


def referred_first(operations: list[Any]) -> list[Any]:
    """Sort operations on tables so that a table comes before those that refer to it."""
    tables = {one.table_name: one for one in operations}
    graph = {
        name: {key.target_fullname.split(".")[0] for key in one.to_table().foreign_keys} - {name}
        for name, one in tables.items()
    }
    return [tables[name] for name in TopologicalSorter(graph).static_order() if name in tables]


def init_app(app: Flask) -> None:
    app.config["ALEMBIC"] = {
        "script_location": str(FOLDER),
        "version_locations": [("default", str(FOLDER / "versions"))],
        "post_write_hooks": {
            "hooks": "format",
            "format.type": "module",
            "format.module": "ruff",
            "format.options": "format REVISION_SCRIPT_FILENAME",
        },
    }
    app.config["ALEMBIC_CONTEXT"] = {
        "render_item": render_item,
        "process_revision_directives": rewriter,
        # As SQLite needs it, so that what was made on one database runs on the other.
        "render_as_batch": True,
        # A column keeps the default that rows got from it when it was added.
        "compare_server_default": False,
        "transactional_ddl": True,
    }
    alembic.init_app(app)
