"""Fresh databases for the servers under test, on SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from .relay import Relay


class NoDatabaseError(RuntimeError):
    """There is no database server to run on."""


class Databases(Protocol):
    name: str

    def fresh(self) -> str:
        """Make an empty database and give its URL."""

    def copy(self, url: str) -> str:
        """Make a copy of a database that nobody is connected to."""

    def texts(self, url: str) -> Iterator[str]:
        """Every text in the database, whatever its tables."""

    def execute(self, url: str, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement of SQL beside the project, and give its rows."""

    def close(self) -> None: ...


def open_databases(name: str, directory: Path) -> Databases:
    return SQLite(directory) if name == "sqlite" else PostgreSQL(directory)


class SQLite:
    name = "sqlite"

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def fresh(self) -> str:
        return f"sqlite:///{self.directory / uuid.uuid4().hex}.db"

    def copy(self, url: str) -> str:
        target = self.fresh()
        shutil.copyfile(self._path(url), self._path(target))
        return target

    def texts(self, url: str) -> Iterator[str]:
        with contextlib.closing(sqlite3.connect(self._path(url))) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield from map(_text, row)

    def execute(self, url: str, statement: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self._path(url), isolation_level=None)) as opened:
            return opened.execute(statement).fetchall()

    def close(self) -> None:
        """The files go with the session's folder."""

    def _path(self, url: str) -> str:
        return url.removeprefix("sqlite:///")


class PostgreSQL:
    name = "postgres"

    def __init__(self, directory: Path) -> None:
        self._made: list[str] = []
        self._stop = contextlib.ExitStack()
        self.server = self._find() or self._start(directory)

    def fresh(self) -> str:
        return self._create("template1")

    def copy(self, url: str) -> str:
        return self._create(urlsplit(url).path[1:])

    def texts(self, url: str) -> Iterator[str]:
        with _connect(url) as connection:
            tables = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            )
            for schema, table in tables.fetchall():
                for row in connection.execute(f'SELECT * FROM "{schema}"."{table}"'):
                    yield from map(_text, row)

    def execute(self, url: str, statement: str) -> list[tuple[Any, ...]]:
        with self.connect(url) as connection:
            cursor = connection.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def connect(self, url: str) -> Any:
        """A connection of the test's own, in autocommit mode."""
        return _connect(url)

    def close(self) -> None:
        with _connect(self._url("postgres")) as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._stop.close()

    def _create(self, template: str) -> str:
        name = f"contract_{uuid.uuid4().hex}"
        with _connect(self._url("postgres")) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return self._url(name)

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def _find(self) -> str | None:
        """The server that the environment names, else one on the usual port."""
        named = os.environ.get("TEST_POSTGRES_URL")
        usual = [f"postgresql://{user}@127.0.0.1:5432/postgres" for user in ("postgres", "root")]
        for url in [named] if named else usual:
            with contextlib.suppress(OSError, _driver().OperationalError), _connect(url):
                return url
        if named:
            raise NoDatabaseError(f"no PostgreSQL answers at TEST_POSTGRES_URL={named}")
        return None

    def _start(self, directory: Path) -> str:
        """A server of our own from the `pgserver` wheel, reached over TCP through a relay."""
        try:
            from pgserver.postgres_server import get_server
        except ImportError:
            raise NoDatabaseError(
                "no PostgreSQL: set TEST_POSTGRES_URL, start one on port 5432, "
                "or install the package pgserver"
            ) from None
        server = get_server(directory / "pgserver")
        self._stop.callback(server.cleanup)
        parts = urlsplit(server.get_uri())
        folder = unquote(parse_qs(parts.query)["host"][0])
        relay = Relay(f"{folder}/.s.PGSQL.{parts.port or 5432}")
        self._stop.callback(relay.close)
        return f"postgresql://{parts.username or 'postgres'}@127.0.0.1:{relay.port}/postgres"


def through(relay: Relay, url: str) -> str:
    """The same database, reached through the relay."""
    parts = urlsplit(url)
    credentials, _, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{relay.port}"))


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 5432


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _driver() -> Any:
    try:
        import psycopg
    except ImportError:
        raise NoDatabaseError("--database postgres needs the package psycopg[binary]") from None
    return psycopg


def _connect(url: str) -> Any:
    return _driver().connect(url, autocommit=True, connect_timeout=5)
