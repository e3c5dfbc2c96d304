"""FastAPI with SQLAlchemy, as their documentation shows them."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from benchmarks.apps.peers.models import Item, User, count_of, owned, page_of, session_of
from benchmarks.apps.peers.schemas import ItemCreate, ItemPage, ItemRead, UserRead

url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
engine = create_async_engine(url, pool_size=20)
app = FastAPI()


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


async def get_db() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as db:
        yield db


DB = Annotated[AsyncSession, Depends(get_db)]
Token = Annotated[str, Depends(OAuth2PasswordBearer("token"))]


async def get_user(db: DB, token: Token) -> User:
    try:
        claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    session = await db.scalar(session_of(claims["sub"]))
    if session is None or not session.user.is_active:
        raise HTTPException(401)
    return session.user


CurrentUser = Annotated[User, Depends(get_user)]


@app.get("/api/v1/users/me", response_model=UserRead)
async def me(user: CurrentUser) -> User:
    return user


@app.get("/api/v1/items", response_model=ItemPage)
async def list_items(db: DB, user: CurrentUser, page: int = 1, size: int = 20) -> dict[str, Any]:
    rows = owned(user)
    items = (await db.scalars(page_of(rows, page, size))).all()
    total = await db.scalar(count_of(rows))
    return {"items": items, "total": total, "page": page, "size": size}


@app.post("/api/v1/items", status_code=201, response_model=ItemRead)
async def create_item(body: ItemCreate, db: DB, user: CurrentUser) -> Item:
    item = Item(**body.model_dump(), owner_id=user.id)
    db.add(item)
    await db.commit()
    return item


@app.get("/api/v1/items/{item_id}", response_model=ItemRead)
async def get_item(item_id: UUID, db: DB, user: CurrentUser) -> Item:
    item = await db.scalar(owned(user).where(Item.id == item_id))
    if item is None:
        raise HTTPException(404)
    return item
