"""The tables of schema.sql, as SQLAlchemy's documentation declares such."""

import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, Select, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Moment = DateTime(timezone=True)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str | None]
    role: Mapped[str]
    is_active: Mapped[bool]
    email_verified: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(Moment)


class AuthSession(Base):
    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Item(Base):
    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="todo")
    due_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)


def session_of(id: str) -> Select[AuthSession]:
    return select(AuthSession).where(AuthSession.id == UUID(id), AuthSession.expires_at > now())


def owned(user: User) -> Select[Item]:
    return select(Item).where(Item.owner_id == user.id)


def page_of(rows: Select[Item], number: int, size: int) -> Select[Item]:
    newest = rows.order_by(Item.created_at.desc(), Item.id.desc())
    return newest.limit(size).offset((number - 1) * size)


def count_of(rows: Select[Item]) -> Select[int]:
    return select(func.count()).select_from(rows.subquery())
