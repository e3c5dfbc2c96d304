"""Who asks, and the rows that are asked for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
import jwt
import psycopg
from psycopg import sql

from tests.contract.server import SECRET_KEY

from .rows import EMAIL, ITEMS, NEW_ITEM, PASSWORD

SCHEMA = Path(__file__).parent / "schema.sql"
# Whatever a framework calls its table of items, no other has this column.
TABLE = "SELECT table_name FROM information_schema.columns WHERE column_name = 'due_on'"


@dataclass(frozen=True)
class Account:
    """The caller's access token, and the id of one of their items."""

    token: str
    item: str


def register(url: str) -> str:
    """Make the caller's account in a project, log in and return the access token."""
    who = {"email": EMAIL, "password": PASSWORD}
    httpx2.post(f"{url}/api/v1/auth/register", json=who).raise_for_status()
    return str(httpx2.post(f"{url}/api/v1/auth/login", json=who).json()["access_token"])


def make_tables(database: str, claims: Mapping[str, str]) -> str:
    """Make the tables of the peers with one user and session, and return the access token."""
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(SCHEMA.read_bytes())
        user, session = db.execute("SELECT user_id, id FROM sessions").fetchone()
    if not claims:
        return str(session)
    payload = {name: value.format(user=user, session=session) for name, value in claims.items()}
    expires = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    return jwt.encode({**payload, "exp": expires}, SECRET_KEY, algorithm="HS256")


def fill(url: str, token: str) -> Account:
    """Create the caller's items."""
    new = json.loads(NEW_ITEM)
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        for number in range(ITEMS):
            answer = client.post("/api/v1/items", json=new | {"title": f"Item {number}"})
            answer.raise_for_status()
    return Account(token, str(answer.json()["id"]))


def forget_new_items(database: str) -> None:
    """Delete what a load of creations has made, so that all lists stay as long as they were."""
    with psycopg.connect(database, autocommit=True) as db:
        table = sql.Identifier(db.execute(TABLE).fetchone()[0])
        db.execute(sql.SQL("DELETE FROM {} WHERE title = 'Tea'").format(table))
        db.execute(sql.SQL("VACUUM ANALYZE {}").format(table))


def backends(database: str) -> list[int]:
    """Return the processes by which PostgreSQL serves the others who are connected."""
    with psycopg.connect(database, autocommit=True) as db:
        others = (
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in db.execute(others)]
