"""Fixtures of all tests: settings and a database of their own, users, clients and a mailbox."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from apiflask import APIFlask
from httpx2 import Client
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from app import create_app
from app.auth import passwords
from app.auth.schemas import TokenPair
from app.core.config import Settings, get_settings
from app.core.database import Base, prepare_sqlite
from app.core.database import db as database
from app.core.logging import configure_logging
from app.users.models import Role, User
from tests.helpers import Mailbox, connect, save_user, sign_in

ENVIRONMENT = {
    "LOG_LEVEL": "WARNING",
    "SECRET_KEY": "the-tests-sign-with-this-key-which-is-as-long-as-HS512-wants-it.",
    "RATE_LIMITS": "off",
}


@contextmanager
def new_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database: a file, or one on the server that TEST_DATABASE_URL names."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/test.db"
        return
    name = f"test_{token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings without the developer's `.env` and environment. Tests may patch attributes."""
    folder = tmp_path_factory.mktemp("settings")
    with new_database(folder) as url, pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("DATABASE_URL", url)
        patch.setenv("MAIL_URL", f"file://{folder}/mail")
        # Tests log in hundreds of times; they do not measure the cost of the hash.
        cheap = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "hasher", PasswordHash([cheap]))
        get_settings.cache_clear()
        yield get_settings()


@contextmanager
def new_app() -> Iterator[APIFlask]:
    """An application for the current settings, which leaves no connection behind."""
    app = create_app()
    app.testing = True
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def make_app(engine: Engine) -> Iterator[Callable[[], APIFlask]]:
    """Make an application with the current settings, whose database has its tables."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(new_app())


@pytest.fixture(scope="session")
def running_app(settings: Settings) -> Iterator[APIFlask]:
    with new_app() as app:
        yield app


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine of what a test prepares or looks up without a request."""
    url = make_url(settings.database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url.set(drivername="sqlite" if is_sqlite else "postgresql+psycopg"))
    if is_sqlite:
        event.listen(engine, "connect", prepare_sqlite)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def app(running_app: APIFlask, engine: Engine) -> Iterator[APIFlask]:
    """The application with empty tables. Its requests commit, as they do in production."""
    yield running_app
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def db(app: APIFlask, engine: Engine) -> Iterator[Session]:
    """A session for what a test prepares or looks up without a request.

    It holds no transaction, which on SQLite would keep requests from writing.
    """
    with Session(engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
        yield session


@pytest.fixture
def queries(app: APIFlask) -> Iterator[list[str]]:
    """The SELECT statements that requests have executed."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def empty_database(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database without tables, which the settings name, for what opens its own connections."""
    with new_database(tmp_path) as url:
        monkeypatch.setattr(settings, "database_url", url)
        yield url


@pytest.fixture
def log(settings: Settings) -> Iterator[StringIO]:
    """The log of the application, one JSON object per line."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client of the tests
    with redirect_stderr(StringIO()) as stream:
        configure_logging(settings.model_copy(update={"log_format": "json", "log_level": "INFO"}))
    yield stream
    configure_logging(settings)


@pytest.fixture
def anonymous(app: APIFlask) -> Client:
    return connect(app)


@pytest.fixture
def user(db: Session) -> User:
    return save_user(db, "ann@example.com")


@pytest.fixture
def token_pair(app: APIFlask, user: User) -> TokenPair:
    return sign_in(app, user)


@pytest.fixture
def client(app: APIFlask, token_pair: TokenPair) -> Client:
    """A client that is logged in as `user`."""
    return connect(app, token_pair.access_token)


@pytest.fixture
def other(app: APIFlask, db: Session) -> Client:
    return connect(app, sign_in(app, save_user(db, "ben@example.com")).access_token)


@pytest.fixture
def admin(app: APIFlask, db: Session) -> Client:
    user = save_user(db, "eve@example.com", role=Role.ADMIN)
    return connect(app, sign_in(app, user).access_token)


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The emails of this test."""
    folder = tmp_path / "mail"
    monkeypatch.setattr(settings, "mail_url", f"file://{folder}")
    return Mailbox(folder)
