"""The commands behind `poe dev` and the others, run in a folder and on a database of their own."""

import asyncio
import json
import runpy
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from alembic import command
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import cli
from app.auth.passwords import verify_password
from app.core.config import Settings, get_settings
from app.core.database import connect
from app.core.logging import configure_logging
from app.users.models import Role, User
from tests.helpers import PASSWORD


@pytest.fixture(autouse=True)
def project(
    pytestconfig: pytest.Config,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """The current folder, with what the commands read."""
    for name in ("pyproject.toml", ".env.example"):
        shutil.copy(pytestconfig.rootpath / name, tmp_path)
    shutil.copytree(pytestconfig.rootpath / "migrations", tmp_path / "migrations")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    configure_logging(settings)


@pytest.fixture
def migrated(project: Path, empty_database: str) -> None:
    command.upgrade(cli.alembic_config(), "head")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The options that the server is started with."""
    options: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _app, **given: options.update(given))
    return options


def run(*arguments: str, typed: str = "", **environment: str) -> Result:
    return CliRunner().invoke(cli.cli, arguments, input=typed, env=environment)


@pytest.mark.usefixtures("empty_database")
def test_dev_creates_what_is_missing(project: Path, served: dict[str, Any]) -> None:
    assert run("dev").exit_code == 0
    command.check(cli.alembic_config())
    assert served["reload"]
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


def test_serve_uses_the_settings(
    settings: Settings, served: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "port", 8080)
    monkeypatch.setattr(settings, "workers", 3)
    assert run("serve").exit_code == 0
    assert (served["host"], served["port"], served["workers"]) == ("127.0.0.1", 8080, 3)


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


@pytest.mark.parametrize("name", ["serve", "migrate"])
def test_invalid_setting_is_named(
    served: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cli, "get_settings", get_settings.__wrapped__)
    result = run(name, WORKERS="none")
    assert result.exit_code == 1
    assert result.stderr.startswith("WORKERS: ")
    assert not served


@pytest.mark.usefixtures("empty_database")
def test_makemigrations_needs_an_up_to_date_database() -> None:
    result = run("makemigrations", "-m", "more")
    assert result.exit_code == 1
    assert result.stderr == "Error: Target database is not up to date.\n"


@pytest.mark.usefixtures("migrated")
def test_makemigrations_without_changes_writes_nothing(project: Path) -> None:
    before = set(project.glob("migrations/versions/*"))
    assert run("makemigrations", "-m", "more").stdout == "The models have no changes.\n"
    assert set(project.glob("migrations/versions/*")) == before


@pytest.mark.usefixtures("migrated")
def test_two_empty_migrations_in_one_minute(project: Path) -> None:
    for _ in range(2):
        assert run("makemigrations", "--empty", "-m", "more").exit_code == 0
        command.upgrade(cli.alembic_config(), "head")
    assert len(list(project.glob("migrations/versions/*_more.py"))) == 2


@pytest.mark.usefixtures("production", "migrated")
def test_serve_warns_of_a_newer_database(
    project: Path, served: dict[str, Any], empty_database: str
) -> None:
    run("makemigrations", "--empty", "-m", "newer")
    command.upgrade(cli.alembic_config(), "head")
    for path in project.glob("migrations/versions/*_newer.py"):
        path.unlink()
    result = run("serve")
    assert result.exit_code == 0
    assert "newer than this code" in result.stderr
    assert served


@pytest.mark.parametrize("name", ["dev", "migrate", "seed"])
def test_unavailable_database_is_reported_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(settings, "database_url", "postgresql://127.0.0.1:1/app")
    result = run(name)
    assert result.exit_code == 1
    assert "DATABASE_URL" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


@pytest.mark.usefixtures("migrated")
def test_seed_runs_once() -> None:
    assert "already" not in run("seed").stdout
    again = run("seed")
    assert (again.exit_code, again.stdout) == (0, "The demonstration data exists already.\n")


def test_routes() -> None:
    result = run("routes")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["GET,", "POST", "/api/v1/items"] in lines


def test_openapi() -> None:
    document = json.loads(run("openapi").stdout)
    assert "/api/v1/items" in document["paths"]


def test_shell_knows_the_models() -> None:
    known = runpy.run_module("app.shell")
    assert {"db", "select", "Item"} <= set(known)


def find_user(settings: Settings, email: str) -> User:
    async def find() -> User:
        async with connect(settings) as db:
            return (await db.scalars(select(User).where(User.email == email))).one()

    return asyncio.run(find())


@pytest.mark.usefixtures("migrated")
def test_seeded_user_can_log_in(settings: Settings) -> None:
    password = run("seed").stdout.strip().removesuffix(".").split()[-1]
    user = find_user(settings, "demo@example.com")
    assert asyncio.run(verify_password(password, user.password_hash))


@pytest.mark.usefixtures("migrated")
def test_seeded_user_has_the_password_that_is_given(settings: Settings) -> None:
    run("seed", DEMO_PASSWORD=PASSWORD)
    user = find_user(settings, "demo@example.com")
    assert asyncio.run(verify_password(PASSWORD, user.password_hash))


@pytest.mark.usefixtures("migrated")
def test_create_admin(settings: Settings) -> None:
    result = run("create-admin", "Eve@Example.com", ADMIN_PASSWORD=PASSWORD)
    assert result.exit_code == 0
    user = find_user(settings, "eve@example.com")
    assert (user.role, user.email_verified) == (Role.ADMIN, True)
    assert asyncio.run(verify_password(PASSWORD, user.password_hash))


@pytest.mark.usefixtures("migrated")
def test_create_admin_asks_for_the_password(settings: Settings) -> None:
    result = run("create-admin", "eve@example.com", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert find_user(settings, "eve@example.com").role is Role.ADMIN


@pytest.mark.usefixtures("migrated")
def test_create_admin_refuses_an_unverified_account(settings: Settings) -> None:
    async def register() -> None:
        async with connect(settings) as db:
            db.add(User(email="eve@example.com", password_hash="somebody's"))
            await db.commit()

    asyncio.run(register())
    result = run("create-admin", "eve@example.com", ADMIN_PASSWORD=PASSWORD)
    assert result.exit_code == 1
    assert "not verified" in result.stderr
    assert find_user(settings, "eve@example.com").role is Role.USER


@pytest.mark.usefixtures("migrated")
def test_create_admin_of_an_existing_user(settings: Settings) -> None:
    run("create-admin", "eve@example.com", ADMIN_PASSWORD=PASSWORD)
    result = run("create-admin", "eve@example.com", ADMIN_PASSWORD="another-long-one")
    assert "Its password is unchanged." in result.stdout
    user = find_user(settings, "eve@example.com")
    assert asyncio.run(verify_password(PASSWORD, user.password_hash))


@pytest.mark.parametrize(
    ("email", "password"), [("nobody", PASSWORD), ("eve@example.com", "password")]
)
def test_create_admin_refuses(email: str, password: str) -> None:
    result = run("create-admin", email, ADMIN_PASSWORD=password)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
