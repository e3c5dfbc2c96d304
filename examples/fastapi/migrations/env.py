"""Alembic's environment. Its settings are in pyproject.toml."""

from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from sqlalchemy import Connection, TypeDecorator, event, make_url
from sqlalchemy.sql.schema import ScalarElementColumnDefault

import app.api  # noqa: F401  the routers import every model
from app.core.config import get_settings
from app.core.database import Base

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


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


OPTIONS: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "render_item": render_item,
    "process_revision_directives": rewriter,
    # As SQLite needs it, so that a migration made on one database runs on the other.
    "render_as_batch": True,
    "transactional_ddl": True,
}


def begin(connection: Connection) -> None:
    # The driver would begin no transaction for statements that change tables.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def run_online(url: sa.URL) -> None:
    is_sqlite = url.get_backend_name() == "sqlite"
    # SQLite alters a table by copying it and dropping the old one. With foreign keys enforced, as
    # the application does, that would delete the rows that refer to it.
    arguments = {"isolation_level": None} if is_sqlite else {"prepare_threshold": None}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=arguments)
    if is_sqlite:
        event.listen(engine, "begin", begin)
    with engine.connect() as connection:
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            if not is_sqlite:
                # Of two migrations at once, one waits for the other.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(727201)"))
            context.run_migrations()


def run_offline(url: sa.URL) -> None:
    """Print the SQL instead of running it: `alembic upgrade head --sql`."""
    context.configure(url=url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


database = make_url(get_settings().database_url)
database = database.set(drivername=DRIVERS.get(database.drivername, database.drivername))
if context.is_offline_mode():
    run_offline(database)
else:
    run_online(database)
