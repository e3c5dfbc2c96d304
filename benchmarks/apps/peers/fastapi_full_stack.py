"""FastAPI in the style of full-stack-fastapi-template: SQLModel, sync routes, users by JWT."""

import datetime as dt
import os
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID, uuid4

import jwt
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordBearer
from pydantic import EmailStr, ValidationError
from sqlalchemy import DateTime, make_url
from sqlmodel import Field, Session, SQLModel, col, create_engine, func, select

engine = create_engine(make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg"))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class UserPublic(SQLModel):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: EmailStr = Field(max_length=254)
    name: str | None = None
    role: str
    email_verified: bool
    created_at: dt.datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class User(UserPublic, table=True):
    __tablename__ = "users"

    is_active: bool = True


class ItemBase(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    description: str | None = None


class ItemPublic(ItemBase):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    status: str = "todo"
    due_on: dt.date | None = None
    created_at: dt.datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: dt.datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Item(ItemPublic, table=True):
    __tablename__ = "items"

    owner_id: UUID = Field(foreign_key="users.id")


class ItemsPublic(SQLModel):
    items: list[ItemPublic]
    total: int
    page: int
    size: int


class TokenPayload(SQLModel):
    sub: str


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer("login"))]


def get_current_user(session: SessionDep, token: TokenDep) -> User:
    try:
        claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=["HS256"])
        payload = TokenPayload(**claims)
    except (jwt.InvalidTokenError, ValidationError) as error:
        raise HTTPException(403) from error
    user = session.get(User, UUID(payload.sub))
    if user is None or not user.is_active:
        raise HTTPException(404)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
router = APIRouter(prefix="/api/v1")


@router.get("/users/me", response_model=UserPublic)
def read_me(current_user: CurrentUser) -> Any:
    return current_user


@router.get("/items", response_model=ItemsPublic)
def read_items(
    session: SessionDep, current_user: CurrentUser, page: int = 1, size: int = 20
) -> Any:
    owned = Item.owner_id == current_user.id
    total = session.exec(select(func.count()).select_from(Item).where(owned)).one()
    newest = select(Item).where(owned).order_by(col(Item.created_at).desc())
    rows = session.exec(newest.offset((page - 1) * size).limit(size)).all()
    items = [ItemPublic.model_validate(row) for row in rows]
    return ItemsPublic(items=items, total=total, page=page, size=size)


@router.get("/items/{id}", response_model=ItemPublic)
def read_item(session: SessionDep, current_user: CurrentUser, id: UUID) -> Any:
    item = session.get(Item, id)
    if item is None or item.owner_id != current_user.id:
        raise HTTPException(404)
    return item


@router.post("/items", status_code=201, response_model=ItemPublic)
def create_item(session: SessionDep, current_user: CurrentUser, body: ItemBase) -> Any:
    item = Item.model_validate(body, update={"owner_id": current_user.id})
    session.add(item)
    session.commit()
    session.refresh(item)
    return item


app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:5173"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(router)


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}
