"""What is measured: the rows of the tables, and the circumstances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["project", "hello", "raw", "orm"]


@dataclass(frozen=True)
class Row:
    """A request and what bounds it; `{item}` is the id of one of the caller's items.

    `orm` says that the framework with its ORM answers it too, as their documentation shows.
    `most` limits the connections, for what would only queue.
    """

    name: str
    method: str
    path: str
    bound: Kind
    body: str = ""
    most: int = 128
    orm: bool = True


EMAIL, PASSWORD = "ada@example.com", "correct-horse-battery"
CREDENTIALS = f'{{"email": "{EMAIL}", "password": "{PASSWORD}"}}'
NEW_ITEM = '{"title": "Tea", "description": "Green, from the second shelf."}'

ROWS = (
    Row("live", "GET", "/health/live", "hello", orm=False),
    Row("me", "GET", "/api/v1/users/me", "raw"),
    Row("list of 20", "GET", "/api/v1/items", "raw"),
    Row("list of 100", "GET", "/api/v1/items?size=100", "raw"),
    Row("one", "GET", "/api/v1/items/{item}", "raw"),
    Row("create", "POST", "/api/v1/items", "raw", NEW_ITEM),
    Row("login", "POST", "/api/v1/auth/login", "raw", CREDENTIALS, most=2, orm=False),
)


@dataclass(frozen=True)
class Setup:
    """The circumstances: server processes, connections at once, the caller's rows and others'."""

    name: str
    workers: int = 1
    connections: int = 16
    mine: int = 100
    others: int = 0

    def same_site(self) -> tuple[int, int, int]:
        """Return what tells whether another setup can use the same servers."""
        return self.workers, self.mine, self.others


BASE = Setup("base")
SETUPS = (
    Setup("2 workers", workers=2),
    Setup("1 connection", connections=1),
    Setup("128 connections", connections=128),
    Setup("100 000 rows of others", others=100_000),
    Setup("100 000 rows of one's own", mine=100_000),
)
