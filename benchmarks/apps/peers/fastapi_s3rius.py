"""FastAPI in the style of s3rius' fastapi_template: FastAPI Users, a DAO, asyncpg."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users_db_sqlalchemy import SQLAlchemyUserDatabase
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.apps.peers.models import Item, User, count_of, owned, page_of
from benchmarks.apps.peers.schemas import ItemCreate, ItemPage, ItemRead, UserRead


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url)
    app.state.db_session_factory = async_sessionmaker(engine, expire_on_commit=False)
    yield
    await engine.dispose()


async def get_db_session(request: Request) -> AsyncIterator[AsyncSession]:
    session = request.app.state.db_session_factory()
    try:
        yield session
    finally:
        await session.commit()
        await session.close()


DBSession = Annotated[AsyncSession, Depends(get_db_session)]


class UserManager(UUIDIDMixin, BaseUserManager[User, UUID]):
    pass


async def get_user_db(session: DBSession) -> AsyncIterator[SQLAlchemyUserDatabase[User, UUID]]:
    yield SQLAlchemyUserDatabase(session, User)


UserDB = Annotated[SQLAlchemyUserDatabase[User, UUID], Depends(get_user_db)]


async def get_user_manager(user_db: UserDB) -> AsyncIterator[UserManager]:
    yield UserManager(user_db)


def get_jwt_strategy() -> JWTStrategy[User, UUID]:
    return JWTStrategy(os.environ["SECRET_KEY"], lifetime_seconds=None)


backend = AuthenticationBackend("jwt", BearerTransport("auth/jwt/login"), get_jwt_strategy)
api_users = FastAPIUsers[User, UUID](get_user_manager, [backend])
CurrentUser = Annotated[User, Depends(api_users.current_user(active=True))]


class ItemDAO:
    def __init__(self, session: DBSession) -> None:
        self.session = session

    async def create(self, owner: User, title: str, description: str | None) -> Item:
        item = Item(owner_id=owner.id, title=title, description=description)
        self.session.add(item)
        await self.session.flush()
        return item

    async def page(self, owner: User, number: int, size: int) -> list[Item]:
        rows = await self.session.execute(page_of(owned(owner), number, size))
        return list(rows.scalars().fetchall())

    async def count(self, owner: User) -> int:
        return (await self.session.execute(count_of(owned(owner)))).scalar_one()

    async def find(self, owner: User, id: UUID) -> Item | None:
        rows = await self.session.execute(owned(owner).where(Item.id == id))
        return rows.scalars().one_or_none()


Items = Annotated[ItemDAO, Depends()]
router = APIRouter(prefix="/api/v1")


@router.get("/users/me", response_model=UserRead)
async def me(user: CurrentUser) -> User:
    return user


@router.get("/items", response_model=ItemPage)
async def get_items(user: CurrentUser, dao: Items, page: int = 1, size: int = 20) -> dict[str, Any]:
    items = await dao.page(user, page, size)
    return {"items": items, "total": await dao.count(user), "page": page, "size": size}


@router.get("/items/{id}", response_model=ItemRead)
async def get_item(id: UUID, user: CurrentUser, dao: Items) -> Item:
    item = await dao.find(user, id)
    if item is None:
        raise HTTPException(404)
    return item


@router.post("/items", status_code=201, response_model=ItemRead)
async def create_item(body: ItemCreate, user: CurrentUser, dao: Items) -> Item:
    return await dao.create(user, body.title, body.description)


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}
