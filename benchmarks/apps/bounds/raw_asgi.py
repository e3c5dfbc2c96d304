"""What the contract answers, by asyncpg alone; the access token is the session's id."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import asyncpg
import orjson
from argon2 import PasswordHasher

from benchmarks.apps.bounds import statements as sql

hasher = PasswordHasher()
pool: asyncpg.Pool


async def keep(_connection: object) -> None:
    """Leave a connection as it is; the pool would reset it in a round trip of its own."""


async def app(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    body = (await receive())["body"]
    async with pool.acquire() as db:
        status, content = await answer(scope, body, db)
    text = orjson.dumps(content, default=str)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def live(receive: Callable[[], Awaitable[object]], send: Any) -> None:
    global pool
    await receive()
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, reset=keep)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(scope: Mapping[str, Any], body: bytes, db: Any) -> tuple[int, Any]:
    path = scope["path"].removeprefix("/api/v1")
    if path == "/health/live":
        return 200, {"status": "ok"}
    if path == "/auth/login":
        return 200, await log_in(orjson.loads(body), db)
    token = dict(scope["headers"])[b"authorization"].removeprefix(b"Bearer ").decode()
    user = dict(await db.fetchrow(sql.SESSION, token))
    if path == "/users/me":
        return 200, user
    if scope["method"] == "POST":
        item = orjson.loads(body)
        new = [user["user_id"], item["title"], item["description"]]
        return 201, dict(await db.fetchrow(sql.NEW_ITEM, *new))
    if path == "/items":
        return 200, await page(dict(parse_qsl(scope["query_string"].decode())), user["user_id"], db)
    return 200, dict(await db.fetchrow(sql.ITEM, path.removeprefix("/items/"), user["user_id"]))


async def page(query: Mapping[str, str], owner: Any, db: Any) -> dict[str, Any]:
    number, size = int(query.get("page", 1)), int(query.get("size", 20))
    rows = await db.fetch(sql.PAGE_AND_TOTAL, owner, size, (number - 1) * size)
    items = [dict(row) for row in rows]
    return {"items": items, "total": items[0]["total"], "page": number, "size": size}


async def log_in(given: Mapping[str, str], db: Any) -> dict[str, Any]:
    user = await db.fetchrow(sql.USER, given["email"])
    await asyncio.to_thread(hasher.verify, user["password_hash"], given["password"])
    async with db.transaction():
        await db.fetchrow(sql.UNCHANGED, user["id"], user["password_hash"])
        await db.execute(sql.END_EXPIRED, user["id"])
        session = await db.fetchval(sql.NEW_SESSION, user["id"], "0" * 64)
    return {"access_token": session, "refresh_token": session}
