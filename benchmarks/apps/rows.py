"""What is measured: the rows of the tables."""

from __future__ import annotations

from dataclasses import dataclass

EMAIL, PASSWORD = "ada@example.com", "correct-horse-battery"
NEW_ITEM = '{"title": "Tea", "description": "Green, from the second shelf."}'
CONNECTIONS = 16
ITEMS = 100


@dataclass(frozen=True)
class Row:
    """A request; `{item}` is the id of one of the caller's items."""

    name: str
    method: str
    path: str
    body: str = ""


ROWS = (
    Row("live", "GET", "/health/live"),
    Row("me", "GET", "/api/v1/users/me"),
    Row("list of 20", "GET", "/api/v1/items"),
    Row("list of 100", "GET", "/api/v1/items?size=100"),
    Row("one", "GET", "/api/v1/items/{item}"),
    Row("create", "POST", "/api/v1/items", NEW_ITEM),
)
