"""The database: engine, sessions and the base class of all models."""

import datetime as dt
import secrets
import time
from contextlib import suppress
from enum import StrEnum
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from flask import Flask, has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import DateTime, Dialect, Enum, MetaData, TypeDecorator, event, make_url, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

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
}


class Connection(psycopg.Connection[Any]):
    """A connection on which no statement takes longer than DATABASE_TIMEOUT_SECONDS.

    The limit also covers a server that hangs, and it works behind PgBouncer, which refuses
    `statement_timeout` as a startup parameter.
    """

    has_limit = True  # migrations have none

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        limit = get_settings().database_timeout_seconds if self.has_limit else None
        try:
            return super().wait(gen, *args, **{"timeout": limit} | kwargs)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            with suppress(psycopg.OperationalError):
                self.cancel_safe(timeout=1)
            self.close()
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
    }
    # The ping replaces connections that the database or a proxy has closed meanwhile.
    return options | {"pool_pre_ping": True, "connect_args": connect_args}


db = SQLAlchemy(session_options={"expire_on_commit": False})


def init_app(app: Flask, settings: Settings) -> None:
    options = engine_options(settings)
    if options["url"].get_backend_name() == "sqlite" and options["url"].database:
        # Relative to the current folder, as elsewhere, and not to Flask's instance folder.
        file = Path(options["url"].database).absolute()
        options["url"] = options["url"].set(database=str(file))
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    db.init_app(app)
    app.shell_context_processor(shell_context)
    # The extension also closes asynchronous sessions, of which there are none: Flask would start an
    # event loop for that in each request.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    else:
        event.listen(engine, "do_connect", connect_postgresql)


def shell_context() -> dict[str, Any]:
    """Names that `flask shell` knows without an import: the models, `select` and `db`."""
    models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    return {"db": db, "select": select, **models}


def connect_postgresql(_dialect: Dialect, _record: Any, args: Any, kwargs: Any) -> Connection:
    return Connection.connect(*args, **kwargs)


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


def begin_sqlite(connection: SQLAlchemyConnection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    # Take the write lock first: upgrading a read transaction fails when another has written.
    # GET requests read, and do not wait for those that write.
    reads = has_request_context() and request.method in {"GET", "HEAD"}
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
