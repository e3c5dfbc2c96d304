"""Flask with SQLAlchemy and Pydantic, as their documentation shows them."""

import os
from typing import Any
from uuid import UUID

import jwt
from flask import Flask, abort, g, request
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from benchmarks.apps.peers.models import Item, User, count_of, owned, page_of, session_of
from benchmarks.apps.peers.schemas import ItemCreate, ItemPage, ItemRead, UserRead

url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
engine = create_engine(url, pool_size=10)
app = Flask(__name__)


@app.teardown_request
def close(_error: BaseException | None) -> None:
    if "db" in g:
        g.pop("db").close()


def open_session() -> Session:
    if "db" not in g:
        g.db = Session(engine, expire_on_commit=False)
    return g.db


def get_user() -> User:
    token = request.headers["Authorization"].removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        abort(401)
    session = open_session().scalar(session_of(claims["sub"]))
    if session is None or not session.user.is_active:
        abort(401)
    return session.user


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/users/me")
def me() -> dict[str, Any]:
    return UserRead.model_validate(get_user()).model_dump(mode="json")


@app.get("/api/v1/items")
def list_items() -> dict[str, Any]:
    rows, db = owned(get_user()), open_session()
    page, size = int(request.args.get("page", 1)), int(request.args.get("size", 20))
    items = db.scalars(page_of(rows, page, size)).all()
    total = db.scalar(count_of(rows))
    found = {"items": items, "total": total, "page": page, "size": size}
    return ItemPage.model_validate(found).model_dump(mode="json")


@app.post("/api/v1/items")
def create_item() -> tuple[dict[str, Any], int]:
    body, user, db = ItemCreate.model_validate(request.json), get_user(), open_session()
    item = Item(**body.model_dump(), owner_id=user.id)
    db.add(item)
    db.commit()
    return ItemRead.model_validate(item).model_dump(mode="json"), 201


@app.get("/api/v1/items/<uuid:item_id>")
def get_item(item_id: UUID) -> dict[str, Any]:
    item = open_session().scalar(owned(get_user()).where(Item.id == item_id))
    if item is None:
        abort(404)
    return ItemRead.model_validate(item).model_dump(mode="json")
