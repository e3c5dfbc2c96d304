"""What the contract answers, by psycopg alone; the access token is the session's id."""

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
from argon2 import PasswordHasher
from psycopg.rows import dict_row

from benchmarks.apps.bounds import statements as sql

STATUS = {200: "200 OK", 201: "201 Created"}

# Django asks for the total in a statement of its own, and so does what bounds it.
COUNTS_APART = "COUNTS_APART" in os.environ

hasher = PasswordHasher()
local = threading.local()


def app(environ: Mapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    status, content = answer(environ)
    text = orjson.dumps(content)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(text)))]
    start_response(STATUS[status], headers)
    return [text]


def cursor() -> Any:
    """Return this thread's cursor, which takes statements as PostgreSQL writes them."""
    if not hasattr(local, "cursor"):
        connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        local.cursor = psycopg.RawCursor(connection, row_factory=dict_row)
    return local.cursor


def answer(environ: Mapping[str, Any]) -> tuple[int, Any]:
    path = environ["PATH_INFO"].removeprefix("/api/v1")
    if path == "/health/live":
        return 200, {"status": "ok"}
    db = cursor()
    if path == "/auth/login":
        return 200, log_in(orjson.loads(environ["wsgi.input"].read()), db)
    token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    user = db.execute(sql.SESSION, [token]).fetchone()
    if path == "/users/me":
        return 200, user
    if environ["REQUEST_METHOD"] == "POST":
        item = orjson.loads(environ["wsgi.input"].read())
        new = [user["user_id"], item["title"], item["description"]]
        return 201, db.execute(sql.NEW_ITEM, new).fetchone()
    if path == "/items":
        return 200, page(dict(parse_qsl(environ["QUERY_STRING"])), user["user_id"], db)
    item_id = path.removeprefix("/items/")
    return 200, db.execute(sql.ITEM, [item_id, user["user_id"]]).fetchone()


def page(query: Mapping[str, str], owner: Any, db: Any) -> dict[str, Any]:
    number, size = int(query.get("page", 1)), int(query.get("size", 20))
    place = [owner, size, (number - 1) * size]
    if COUNTS_APART:
        total = db.execute(sql.COUNT, [owner]).fetchone()["count"]
        items = db.execute(sql.PAGE, place).fetchall()
    else:
        items = db.execute(sql.PAGE_AND_TOTAL, place).fetchall()
        total = items[0]["total"]
    return {"items": items, "total": total, "page": number, "size": size}


def log_in(given: Mapping[str, str], db: Any) -> dict[str, Any]:
    user = db.execute(sql.USER, [given["email"]]).fetchone()
    hasher.verify(user["password_hash"], given["password"])
    with db.connection.transaction():
        db.execute(sql.UNCHANGED, [user["id"], user["password_hash"]])
        db.execute(sql.END_EXPIRED, [user["id"]])
        session = db.execute(sql.NEW_SESSION, [user["id"], "0" * 64]).fetchone()["id"]
    return {"access_token": session, "refresh_token": session}
