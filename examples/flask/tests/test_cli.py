"""The commands behind `poe dev` and the others, run in a folder and on a database of their own."""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from click.testing import CliRunner, Result
from gunicorn.app.wsgiapp import WSGIApplication
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import cli
from app.auth.passwords import verify_password
from app.core.config import Settings, get_settings
from app.core.database import db as database
from app.core.logging import configure_logging
from app.users.models import Role, User
from tests.helpers import PASSWORD


@pytest.fixture(autouse=True)
def project(
    pytestconfig: pytest.Config,
    tmp_path: Path,
    settings: Settings,
    make_app: Callable[[], APIFlask],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """The current folder, with what the commands read."""
    shutil.copy(pytestconfig.rootpath / ".env.example", tmp_path)
    monkeypatch.chdir(tmp_path)
    for commands in (cli, cli.cli):
        monkeypatch.setattr(commands, "create_app", make_app)
    yield tmp_path
    configure_logging(settings)


@pytest.fixture
def migrated(project: Path, empty_database: str) -> None:
    assert run("db", "upgrade").exit_code == 0


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The options that the server is started with."""
    options: dict[str, Any] = {}

    def note(_program: str, command: list[str]) -> None:
        options["command"] = command[1:]

    monkeypatch.setattr(os, "execv", note)
    monkeypatch.setattr(cli, "run_simple", lambda *_, **given: options.update(given))
    return options


def run(*arguments: str, typed: str = "", **environment: str) -> Result:
    return CliRunner().invoke(cli.cli, arguments, input=typed, env=environment)


@pytest.mark.usefixtures("empty_database")
def test_dev_creates_what_is_missing(project: Path, served: dict[str, Any]) -> None:
    assert run("dev").exit_code == 0
    assert run("db", "check").exit_code == 0
    assert served["use_reloader"]
    made, example = (
        (project / name).read_text(encoding="utf-8").splitlines()
        for name in (".env", ".env.example")
    )
    (key,) = set(made) - set(example)
    assert len(key.removeprefix("SECRET_KEY=")) == 64
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600


@pytest.mark.usefixtures("empty_database")
def test_dev_keeps_an_existing_env_file(project: Path, served: dict[str, Any]) -> None:
    (project / ".env").write_text("PORT=8001\n", encoding="utf-8")
    assert run("dev").exit_code == 0
    assert (project / ".env").read_text(encoding="utf-8") == "PORT=8001\n"


@pytest.mark.parametrize(
    ("host", "bind"),
    [
        ("127.0.0.1", ["127.0.0.1:8080"]),
        ("::1", ["[::1]:8080"]),
        ("[::1]", ["[::1]:8080"]),
    ],
)
def test_gunicorn_reads_the_settings(
    pytestconfig: pytest.Config,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    bind: list[str],
) -> None:
    monkeypatch.setattr(settings, "host", host)
    monkeypatch.setattr(settings, "port", 8080)
    monkeypatch.setattr(settings, "workers", 3)
    monkeypatch.setattr("sys.argv", ["gunicorn"])
    monkeypatch.chdir(pytestconfig.rootpath)
    config = WSGIApplication().cfg
    assert config is not None
    assert (config.bind, config.workers) == (bind, 3)
    assert config.forwarder_headers == []


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "environment", "production")


@pytest.mark.usefixtures("production", "migrated")
def test_serve_in_production(served: dict[str, Any]) -> None:
    assert run("serve").exit_code == 0
    assert served


@pytest.mark.usefixtures("production", "empty_database")
def test_serve_refuses_a_database_that_lacks_migrations(served: dict[str, Any]) -> None:
    result = run("serve")
    assert result.exit_code == 1
    assert "poe migrate" in result.stderr
    assert not served


@pytest.mark.usefixtures("production")
def test_serve_starts_without_the_database(
    settings: Settings, served: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "database_url", "postgresql://127.0.0.1:1/app")
    assert run("serve").exit_code == 0
    assert served


@pytest.mark.usefixtures("production", "migrated")
def test_serve_refuses_to_debug_in_production(served: dict[str, Any]) -> None:
    result = run("serve", FLASK_DEBUG="1")
    assert result.exit_code == 1
    assert "FLASK_DEBUG" in result.stderr
    assert not served


def test_invalid_setting_is_named(served: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.get_settings", get_settings.__wrapped__)
    result = run("serve", WORKERS="none")
    assert result.exit_code == 1
    assert result.stderr.startswith("WORKERS: ")
    assert not served


def test_help_needs_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app", "app.cli"):
        monkeypatch.setattr(f"{module}.get_settings", get_settings.__wrapped__)
    result = run("--help", WORKERS="none")
    assert result.exit_code == 0
    assert "serve" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("name", ["dev", "seed"])
def test_unavailable_database_is_reported_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(settings, "database_url", "postgresql://127.0.0.1:1/app")
    result = run(name)
    assert result.exit_code == 1
    assert "DATABASE_URL" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_other_validation_errors_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "seed_database", lambda: TypeAdapter(int).validate_python("many"))
    assert isinstance(run("seed").exception, ValidationError)


@pytest.mark.usefixtures("empty_database")
def test_makemigrations_needs_an_up_to_date_database() -> None:
    result = run("makemigrations", "-m", "anything")
    assert result.exit_code == 1
    assert result.stderr == "Error: Target database is not up to date.\n"
    assert "Traceback" not in result.stderr


@pytest.mark.usefixtures("migrated")
def test_makemigrations_writes_nothing_when_nothing_changed() -> None:
    result = run("makemigrations", "-m", "nothing")
    assert (result.exit_code, result.stdout) == (0, "The models have no changes.\n")


@pytest.mark.usefixtures("migrated")
def test_seed_runs_once() -> None:
    assert "already" not in run("seed").stdout
    again = run("seed")
    assert (again.exit_code, again.stdout) == (0, "The demonstration data exists already.\n")


def test_routes() -> None:
    result = run("routes")
    assert result.exit_code == 0
    assert " GET      /api/v1/items " in result.stdout


def test_openapi() -> None:
    document = json.loads(run("spec").stdout)
    assert "/api/v1/items" in document["paths"]


def test_shell_knows_the_models(make_app: Callable[[], APIFlask]) -> None:
    app = make_app()
    with app.app_context():
        known = app.make_shell_context()
    assert {"db", "select", "Item"} <= set(known)


@pytest.fixture
def db(migrated: None, make_app: Callable[[], APIFlask]) -> Iterator[Session]:
    """A session on the database that the commands work on."""
    with make_app().app_context():
        yield database.session


def find_user(db: Session, email: str) -> User:
    db.rollback()
    return db.scalars(select(User).where(User.email == email)).one()


def test_seeded_user_can_log_in(db: Session) -> None:
    password = run("seed").stdout.strip().removesuffix(".").split()[-1]
    user = find_user(db, "demo@example.com")
    assert verify_password(password, user.password_hash)


def test_seeded_user_has_the_password_that_is_given(db: Session) -> None:
    run("seed", DEMO_PASSWORD=PASSWORD)
    assert verify_password(PASSWORD, find_user(db, "demo@example.com").password_hash)


def test_create_admin(db: Session) -> None:
    result = run("create-admin", "Eve@Example.com", ADMIN_PASSWORD=PASSWORD)
    assert result.exit_code == 0
    user = find_user(db, "eve@example.com")
    assert (user.role, user.email_verified) == (Role.ADMIN, True)
    assert verify_password(PASSWORD, user.password_hash)


def test_create_admin_asks_for_the_password(db: Session) -> None:
    result = run("create-admin", "eve@example.com", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert find_user(db, "eve@example.com").role is Role.ADMIN


def test_create_admin_refuses_an_unverified_account(db: Session) -> None:
    db.add(User(email="eve@example.com", password_hash="somebody's"))
    db.commit()
    result = run("create-admin", "eve@example.com", ADMIN_PASSWORD=PASSWORD)
    assert result.exit_code == 1
    assert "not verified" in result.stderr
    assert find_user(db, "eve@example.com").role is Role.USER


def test_create_admin_of_an_existing_user(db: Session) -> None:
    run("create-admin", "eve@example.com", ADMIN_PASSWORD=PASSWORD)
    result = run("create-admin", "eve@example.com", ADMIN_PASSWORD="another-long-one")
    assert "Its password is unchanged." in result.stdout
    user = find_user(db, "eve@example.com")
    assert verify_password(PASSWORD, user.password_hash)


@pytest.mark.parametrize(
    ("email", "password"), [("nobody", PASSWORD), ("eve@example.com", "password")]
)
def test_create_admin_refuses(email: str, password: str) -> None:
    result = run("create-admin", email, ADMIN_PASSWORD=password)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
