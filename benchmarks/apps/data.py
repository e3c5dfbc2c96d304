"""Who asks, and the rows he asks for: made over HTTP, then multiplied in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psycopg
from psycopg import sql

from .bounds import statements
from .rows import CREDENTIALS, EMAIL, NEW_ITEM, Setup

SCHEMA = Path(__file__).parent / "bounds" / "schema.sql"
# Whatever a framework calls its tables, only one has this column.
ITEMS, USERS = "due_on", "email_verified"
OWNERS = 1000
COPY = """
    INSERT INTO {table} ({columns}) SELECT {values}
    FROM (SELECT * FROM {table} LIMIT 1) first, generate_series(1, {copies}) n,
         (SELECT array_agg(id) AS ids FROM {users} WHERE email <> {email}) owners
"""


@dataclass(frozen=True)
class Account:
    """The caller's access token, and the id of one of his items."""

    token: str
    item: str


def make_tables(database: str) -> None:
    """Make the tables that the raw driver asks, and the caller's account."""
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(SCHEMA.read_bytes())


def register(url: str) -> str:
    """Make the caller's account in a project, log in and return the access token."""
    who = json.loads(CREDENTIALS)
    httpx2.post(f"{url}/api/v1/auth/register", json=who).raise_for_status()
    return str(httpx2.post(f"{url}/api/v1/auth/login", json=who).json()["access_token"])


def begin_session(database: str) -> str:
    """Make a session in the tables of `make_tables`; its id is the access token there."""
    with psycopg.connect(database, autocommit=True) as db:
        cursor = psycopg.RawCursor(db)
        user = cursor.execute(statements.USER, [EMAIL]).fetchone()[0]
        return str(cursor.execute(statements.NEW_SESSION, [user, "0" * 64]).fetchone()[0])


def fill(url: str, database: str, token: str, setup: Setup) -> Account:
    """Make one item, and of it as many of the caller's and of others' as asked."""
    who = {"Authorization": f"Bearer {token}"}
    new = json.loads(NEW_ITEM) | {"title": "The first"}
    item = httpx2.post(f"{url}/api/v1/items", json=new, headers=who).json()["id"]
    with psycopg.connect(database, autocommit=True) as db:
        multiply(db, ITEMS, setup.mine - 1, {})
        if setup.others:
            multiply(db, USERS, OWNERS, {"email": "n || email"})
            multiply(db, ITEMS, setup.others, {"owner_id": f"owners.ids[n % {OWNERS} + 1]"})
        db.execute("VACUUM ANALYZE")
    return Account(token, str(item))


def multiply(
    db: psycopg.Connection, column: str, copies: int, different: dict[str, sql.LiteralString]
) -> None:
    """Copy a row of the table that has the column; ids, times and what is given differ."""
    table, columns = find_table(db, column)
    different = {
        "id": "gen_random_uuid()",
        "created_at": "first.created_at - n * interval '1 second'",
        **different,
    }
    values = [
        sql.SQL(different[name]) if name in different else sql.Identifier("first", name)
        for name in columns
    ]
    db.execute(
        sql.SQL(COPY).format(
            table=table,
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            copies=copies,
            users=find_table(db, USERS)[0],
            email=EMAIL,
        )
    )


def find_table(db: psycopg.Connection, column: str) -> tuple[sql.Identifier, list[str]]:
    """Return the table that has the column, and the names of all its columns."""
    found = db.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' GROUP BY table_name"
        " HAVING bool_or(column_name = %s)",
        [column],
    ).fetchone()
    if found is None:
        raise LookupError(f"no table has the column {column}")
    return sql.Identifier(found[0]), found[1]


def forget_new_items(database: str) -> None:
    """Delete what a load of creations has made, so that all lists stay as long as they were."""
    with psycopg.connect(database, autocommit=True) as db:
        table, _ = find_table(db, ITEMS)
        db.execute(sql.SQL("DELETE FROM {} WHERE title = 'Tea'").format(table))
        db.execute(sql.SQL("VACUUM {}").format(table))


def backends(database: str) -> list[int]:
    """Return the processes by which PostgreSQL serves the others who are connected."""
    with psycopg.connect(database, autocommit=True) as db:
        others = (
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in db.execute(others)]
