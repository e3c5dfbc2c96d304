"""The database: engine, sessions and the base of all models."""

import datetime as dt
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Connection, DateTime, Dialect, MetaData, TypeDecorator, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def uuid7() -> UUID:
    """A time-ordered id, so that new rows stay together in the index (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b)


class UTCDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC. SQLite forgets the time zone; this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dt.datetime: UTCDateTime}


class Record(Base):
    """A row with an id of its own and the times of its creation and last change."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)


def create_engine(database_url: str) -> AsyncEngine:
    """Open the database that `sqlite:///file` or `postgresql://...` names."""
    url = make_url(database_url)
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url,
            connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 5},
            pool_size=10,
            max_overflow=10,
            pool_timeout=5,
            hide_parameters=True,
        )
    engine = create_async_engine(
        url, connect_args={"isolation_level": None, "timeout": 20}, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", prepare_sqlite)
    event.listen(engine.sync_engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
    # SQLite's own lower() knows ASCII only, and searches compare in lower case.
    connection.run_async(lambda raw: raw.create_function("lower", 1, lower, deterministic=True))


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one wrote in
    # between; one that says from the start that it will write waits for its turn.
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_session(engine: AsyncEngine, *, read_only: bool = False) -> AsyncSession:
    """A session in a transaction, or without one where nothing is written: two round trips less."""
    if read_only:
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    return AsyncSession(engine, expire_on_commit=False)


@asynccontextmanager
async def connect(database_url: str) -> AsyncIterator[AsyncSession]:
    """A session for a command, outside of any request."""
    engine = create_engine(database_url)
    try:
        async with open_session(engine) as session:
            yield session
    finally:
        await engine.dispose()


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    read_only = request.method in {"GET", "HEAD"}
    async with open_session(request.app.state.engine, read_only=read_only) as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_session)]
