"""The database: engine, sessions and the base class of all models."""

import datetime as dt
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import psycopg
from fastapi import Depends
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import DateTime, Dialect, Enum, MetaData, TypeDecorator, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.requests import HTTPConnection

from app.core.config import Settings, get_settings


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def uuid7() -> UUID:
    """A time-ordered id, which keeps new rows together in the index (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b)


class UTCDateTime(TypeDecorator[dt.datetime]):
    """A time in UTC. SQLite drops the time zone; this type adds it again."""

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


def values_of(choices: type[StrEnum]) -> list[str]:
    return [choice.value for choice in choices]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UTCDateTime,
        # Stored as text, so that a new choice needs no migration. A longer one is refused at once.
        StrEnum: Enum(StrEnum, native_enum=False, length=20, values_callable=values_of),
    }


def time_of_creation(context: Any) -> Any:
    """A new row has not been changed: both of its times are the same."""
    return context.get_current_parameters()["created_at"]


class Record(Base):
    """A row with an id and the times of its creation and last change."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=time_of_creation, onupdate=now)


DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
}


class Connection(psycopg.AsyncConnection[Any]):
    """A connection on which no statement takes longer than DATABASE_TIMEOUT_SECONDS.

    The limit also covers a server that hangs, and it works behind PgBouncer, which refuses
    `statement_timeout` as a startup parameter.
    """

    async def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        limit = get_settings().database_timeout_seconds
        try:
            return await super().wait(gen, *args, **{"timeout": limit} | kwargs)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            with suppress(psycopg.OperationalError):
                await self.cancel_safe(timeout=1)
            await self.close()
            raise psycopg.errors.QueryCanceled(f"no answer within {limit} seconds") from error


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options of the engine for `sqlite:///file` or `postgresql://...`."""
    url = make_url(settings.database_url)
    options = {
        "url": url.set(drivername=DRIVERS.get(url.drivername, url.drivername)),
        "pool_size": settings.database_pool_size,
        # Overflow connections would be opened and closed on every peak.
        "max_overflow": 0,
        "pool_timeout": 5,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        return options | {"connect_args": {"isolation_level": None, "timeout": 20}}
    connect_args = {
        "connect_timeout": 5,
        # Prepared statements break behind PgBouncer in transaction mode.
        "prepare_threshold": None,
        "async_creator_fn": Connection.connect,
    }
    # The ping replaces connections that the database or a proxy has closed meanwhile.
    return options | {"pool_pre_ping": True, "connect_args": connect_args}


def create_engine(settings: Settings) -> AsyncEngine:
    engine = create_async_engine(**engine_options(settings))
    if engine.dialect.name == "sqlite":
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
    connection.create_function("lower", 1, lower, deterministic=True)


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def begin_sqlite(connection: SyncConnection) -> None:
    # Take the write lock first: upgrading a read transaction fails when another has written.
    is_reader = connection.get_execution_options().get("sqlite_reader")
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


def open_session(bind: AsyncEngine | AsyncConnection) -> AsyncSession:
    return AsyncSession(bind, expire_on_commit=False)


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[AsyncSession]:
    """A session for a command, outside of any request."""
    engine = create_engine(settings)
    try:
        async with open_session(engine) as session:
            yield session
    finally:
        await engine.dispose()


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """The session of a request or WebSocket; on SQLite, GET requests do not wait for writers."""
    state = connection.app.state
    reads = connection.scope.get("method") in {"GET", "HEAD"}
    async with open_session(state.reader if reads else state.engine) as session:
        yield session


# The session ends with the route's function, so that a response that is sent slowly, a stream or a
# background task keeps no connection.
DB = Annotated[AsyncSession, Depends(get_session, scope="function")]
