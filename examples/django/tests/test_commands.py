"""The commands behind `poe dev` and the others."""

import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from runpy import run_path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import runserver
from django.db import DatabaseError, OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

import manage
from apps.accounts.management.commands import createadmin
from apps.accounts.models import User
from apps.core.management.commands import migrate, seed
from tests.helpers import PASSWORD, database_away, save_user

ROOT = Path(manage.__file__).parent


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which `manage.py` looks for `.env`."""
    shutil.copy(ROOT / ".env.example", tmp_path)
    monkeypatch.setattr(manage, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the arguments of the server that a command would have started."""
    started: dict[str, Any] = {}
    monkeypatch.setattr(runserver.Command, "run", lambda _, **options: started.update(options))
    monkeypatch.setattr(os, "execv", lambda *command: started.update(command=command))
    return started


def run(name: str, *arguments: str) -> str:
    """Return the output of a command."""
    printed = StringIO()
    call_command(name, *arguments, stdout=printed)
    return printed.getvalue()


def manage_py(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
    manage.main()


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` in a process of its own; a warning is an error."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", str(ROOT / "manage.py"), *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_dev_creates_the_env_file_and_migrates(
    root: Path,
    served: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    manage_py(monkeypatch, "dev")
    assert "No migrations to apply." in capsys.readouterr().out
    assert served["use_reloader"]
    made, example = (
        (root / name).read_text(encoding="utf-8").splitlines() for name in (".env", ".env.example")
    )
    (key,) = set(made) - set(example)
    assert len(key.removeprefix("SECRET_KEY=")) == 64
    assert stat.S_IMODE((root / ".env").stat().st_mode) == 0o600


@pytest.mark.django_db
@pytest.mark.usefixtures("served")
def test_dev_keeps_an_env_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".env").write_text("PORT=8001\n", encoding="utf-8")
    manage_py(monkeypatch, "dev")
    assert (root / ".env").read_text(encoding="utf-8") == "PORT=8001\n"


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8080"), ("::", "[::]:8080")])
def test_gunicorn_takes_its_settings_from_the_project(
    settings: Settings, host: str, bind: str
) -> None:
    settings.HOST, settings.PORT, settings.WORKERS = host, 8080, 3
    config = run_path(str(ROOT / "gunicorn.conf.py"))
    assert (config["bind"], config["workers"]) == (bind, 3)


@pytest.fixture
def production(settings: Settings) -> None:
    settings.PRODUCTION = True


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_serve_in_production(served: dict[str, Any]) -> None:
    run("serve")
    assert served


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_serve_refuses_a_database_that_lacks_a_migration(served: dict[str, Any]) -> None:
    applied = MigrationRecorder(connection).migration_qs
    applied.filter(app="items").delete()
    with pytest.raises(CommandError, match="py migrate"):
        run("serve")
    assert not served


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_serve_warns_of_a_database_that_is_newer(served: dict[str, Any]) -> None:
    MigrationRecorder(connection).record_applied("items", "9999_future")
    warning = StringIO()
    call_command("serve", stderr=warning)
    assert "items.9999_future" in warning.getvalue()
    assert served


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_serve_ignores_what_removed_apps_left_in_the_database(served: dict[str, Any]) -> None:
    MigrationRecorder(connection).record_applied("removed", "0001_initial")
    run("serve")
    assert served


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_serve_starts_without_the_database(served: dict[str, Any]) -> None:
    with database_away():
        run("serve")
    assert served


def test_bad_setting_is_named_in_one_line() -> None:
    result = start("serve", WORKERS="none")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("WORKERS ")


def ask_for_a_missing_table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM missing")
    return ""


@pytest.mark.django_db
def test_bug_in_a_command_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "seed", ask_for_a_missing_table)
    with pytest.raises(DatabaseError):
        manage_py(monkeypatch, "seed")


@pytest.mark.django_db
def test_traceback_is_shown_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with database_away(), pytest.raises(OperationalError):
        manage_py(monkeypatch, "seed", "--traceback")


def migrate_elsewhere() -> None:
    """Migrate as another process would, and leave no connection behind."""
    call_command("migrate", verbosity=0)
    connections.close_all()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite migrates in a transaction")
@pytest.mark.django_db(transaction=True)
def test_second_migration_waits_for_the_first() -> None:
    with closing(connection.copy()) as first, first.cursor() as cursor:
        first.set_autocommit(False)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [migrate.LOCK])
        waiting = Thread(target=migrate_elsewhere)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.django_db
@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", ["dev", "seed"])
def test_unusable_database_is_named_in_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with database_away(), pytest.raises(SystemExit) as caught:
        manage_py(monkeypatch, name)
    (line,) = str(caught.value).splitlines()
    assert "DATABASE_URL" in line


def test_deployment_check_finds_nothing() -> None:
    result = start(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        ENVIRONMENT="production",
        MAIL_URL="smtp://mail.example",
        PUBLIC_URL="https://shop.example",
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.django_db
def test_seed_runs_once() -> None:
    assert "already" not in run("seed")
    assert run("seed") == "The demonstration data exists already.\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_seed_is_refused_in_production() -> None:
    with pytest.raises(CommandError, match="development"):
        run("seed")


def test_routes() -> None:
    lines = [line.split() for line in run("routes").splitlines()]
    assert ["POST", "/api/v1/items"] in lines
    assert ["PATCH", "/api/v1/items/{id}"] in lines


def test_static_files_can_be_collected(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    run("collectstatic", "--noinput")
    assert (tmp_path / "admin" / "css" / "base.css").exists()


@pytest.mark.django_db
def test_seeded_user_can_log_in() -> None:
    password = run("seed").strip().removesuffix(".").split()[-1]
    assert User.objects.get(email="demo@example.com").check_password(password)


@pytest.mark.django_db
def test_seeded_user_has_the_password_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    run("seed")
    assert User.objects.get(email="demo@example.com").check_password(PASSWORD)


@pytest.fixture
def password(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("password")
def test_create_admin() -> None:
    run("createadmin", "Eve@Example.com")
    user = User.objects.get(email="eve@example.com")
    assert (user.role, user.email_verified) == ("admin", True)
    assert user.check_password(PASSWORD)


def type_in(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    given = iter(words)
    monkeypatch.setattr(createadmin, "getpass", lambda *_: next(given))


@pytest.mark.django_db
def test_create_admin_asks_for_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, PASSWORD, PASSWORD)
    assert PASSWORD not in run("createadmin", "eve@example.com")
    assert User.objects.get(email="eve@example.com").check_password(PASSWORD)


@pytest.mark.django_db
def test_create_admin_notices_a_mistyped_password(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, PASSWORD, "mistyped")
    with pytest.raises(CommandError, match="do not match"):
        run("createadmin", "eve@example.com")
    assert not User.objects.exists()


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(
    "values", [{"email_verified": False}, {"email_verified": True, "is_active": False}]
)
def test_create_admin_refuses_an_unverified_or_inactive_account(
    values: dict[str, bool],
) -> None:
    user = save_user("eve@example.com", **values)
    with pytest.raises(CommandError, match="not verified"):
        run("createadmin", "eve@example.com")
    user.refresh_from_db()
    assert user.role == "user"


@pytest.mark.usefixtures("password")
def test_create_admin_of_an_existing_user(monkeypatch: pytest.MonkeyPatch) -> None:
    user = save_user("eve@example.com", email_verified=True)
    monkeypatch.setenv("ADMIN_PASSWORD", "another-long-one")
    assert "password is unchanged" in run("createadmin", "Eve@example.com")
    user.refresh_from_db()
    assert user.role == "admin"
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
def test_createsuperuser_makes_a_verified_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    run("createsuperuser", "--noinput", "--email=Eve@example.com")
    user = User.objects.get(email="eve@example.com")
    assert (user.role, user.email_verified, user.is_superuser) == ("admin", True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password"), [("nobody", PASSWORD), ("eve@example.com", "password")]
)
def test_create_admin_refuses(monkeypatch: pytest.MonkeyPatch, email: str, password: str) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        run("createadmin", email)
    assert not User.objects.exists()
