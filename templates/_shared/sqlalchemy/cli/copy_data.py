"""Fills an empty database with the rows of another one."""

import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlalchemy.types import NULLTYPE

from app.core.database import Base

MIGRATIONS = Path(__file__).parents[1] / "migrations"
BATCH = 1000


def copy_database(source_url: str, target_url: str) -> dict[str, int]:
    """Copy all rows in one transaction, and return how many each table got."""
    # psycopg warns of the rest of a batch that it gives up. The row at fault is named here.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    tables = Base.metadata.sorted_tables
    with open_source(source_url) as source, connect(sa.make_url(target_url)) as target:
        for database in (source, target):
            refuse_other_migrations(database)
        refuse_filled(target, tables)
        for table in tables:
            refuse_lost_references(source, table)
        # PostgreSQL would check these row by row; it does so again when they are added.
        circular = circular_references(tables) if target.dialect.name == "postgresql" else []
        for key in circular:
            target.execute(DropConstraint(key))
        counts = {table.name: copy_table(source, target, table) for table in tables}
        for key in circular:
            target.execute(AddConstraint(key, isolate_from_table=False))
        target.commit()
        left_out = {*sa.inspect(source).get_table_names()} - {*counts, "alembic_version"}
    if left_out:
        click.echo(f"Not copied, since no model has it: {', '.join(sorted(left_out))}", err=True)
    return counts


def open_source(url: str) -> sa.Connection:
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise click.ClickException("The source must begin with sqlite:/// or postgresql://.")
    try:
        address = sa.make_url(url)
        if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
            raise click.ClickException(f"There is no file {address.database}.")
        connection = connect(address)
        sa.inspect(connection).get_table_names()  # SQLite reads nothing before
        return connection
    except (ArgumentError, DBAPIError) as error:
        raise click.ClickException(f"The source cannot be read: {reason(error)}") from error


def connect(url: sa.URL) -> sa.Connection:
    """A connection to either kind of database, which sees one state of it."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url.set(drivername="sqlite"), poolclass=sa.NullPool)
        begin = "BEGIN"
    else:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=sa.NullPool,
            isolation_level="REPEATABLE READ",
            # Prepared statements break behind PgBouncer in transaction mode.
            connect_args={"connect_timeout": 5, "prepare_threshold": None},
        )
        # SQLite's times have no zone. They are in UTC, wherever the server is.
        begin = "SET LOCAL TIME ZONE 'UTC'"
    connection = engine.connect()
    connection.exec_driver_sql(begin)
    return connection


def refuse_other_migrations(database: sa.Connection) -> None:
    current = set(MigrationContext.configure(database).get_current_heads())
    heads = set(ScriptDirectory(MIGRATIONS).get_heads())
    if current != heads:
        url = database.engine.url.set(drivername=database.engine.url.get_backend_name())
        at, needed = (", ".join(sorted(names)) or "no migration" for names in (current, heads))
        raise click.ClickException(
            f"{url} is at {at}, and this code needs {needed}: "
            f"run `DATABASE_URL={url} uv run poe migrate`."
        )


def refuse_filled(target: sa.Connection, tables: Sequence[sa.Table]) -> None:
    filled = [t.name for t in tables if target.scalar(sa.select(sa.exists().select_from(t)))]
    if filled:
        raise click.ClickException(
            f"DATABASE_URL must name an empty database; it has rows in {', '.join(filled)}."
        )


def refuse_lost_references(source: sa.Connection, table: sa.Table) -> None:
    """SQLite keeps references to nothing that were made while it did not check them."""
    for key in table.foreign_key_constraints:
        other = key.referred_table.alias()
        pairs = [(part.parent, other.c[part.column.key]) for part in key.elements]
        found = sa.exists().where(*(column == referred for column, referred in pairs))
        lost = ~found, *(column.is_not(None) for column, _ in pairs)
        if row := source.execute(sa.select(*table.primary_key).where(*lost)).first():
            names = ", ".join(column.name for column, _ in pairs)
            raise refusal(table, row, f"{names} refers to no row of {key.referred_table.name}")


def circular_references(tables: Sequence[sa.Table]) -> list[sa.ForeignKeyConstraint]:
    """References to the table itself, or to one that is filled later."""
    return [
        key
        for position, table in enumerate(tables)
        for key in table.foreign_key_constraints
        if key.referred_table not in tables[:position]
    ]


def copy_table(source: sa.Connection, target: sa.Connection, table: sa.Table) -> int:
    count, rows = 0, read(source, table)
    while batch := list(islice(rows, BATCH)):
        insert(target, table, batch)
        count += len(batch)
    serial = table.autoincrement_column
    if serial is not None and target.dialect.name == "postgresql":
        name = target.dialect.identifier_preparer.format_table(table)
        sequence = sa.func.pg_get_serial_sequence(name, serial.name)
        target.execute(sa.select(sa.func.setval(sequence, sa.func.max(serial))))
    return count


def read(source: sa.Connection, table: sa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows by their keys, JSON as text: in Python, its null is like no value."""
    columns = [column for column in table.columns if column.computed is None]
    names = [column.name for column in columns]
    query = sa.select(*(sa.cast(c, sa.Text) if is_json(c) else c for c in columns))
    count = 0
    try:
        rows = source.execute(
            query.order_by(*table.primary_key), execution_options={"yield_per": BATCH}
        )
        for row in rows:
            yield dict(zip(names, row, strict=True))
            count += 1
    except (DBAPIError, LookupError, TypeError, ValueError) as error:
        keys = sa.select(*(sa.cast(column, sa.Text) for column in table.primary_key))
        key = source.execute(keys.order_by(*table.primary_key).offset(count)).first()
        raise refusal(table, key or (), reason(error)) from error


def insert(target: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert all rows at once; if the database refuses them, find the one that it means."""
    columns = (sa.column(c.name, NULLTYPE if is_json(c) else c.type) for c in table.columns)
    try:
        with target.begin_nested():
            target.execute(sa.table(table.name, *columns, schema=table.schema).insert(), rows)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        if len(rows) == 1:
            key = [rows[0][column.name] for column in table.primary_key]
            raise refusal(table, key, reason(error)) from error
        for row in rows:
            insert(target, table, [row])


def is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def refusal(table: sa.Table, key: Sequence[Any], why: str) -> click.ClickException:
    where = " ".join(map(str, (table.name, *key)))
    return click.ClickException(f"{where}: {why}. Nothing was copied.")


def reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
