"""What keeps a server from starting, and what is only a warning."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from .openapi import Document
from .people import Host
from .server import CommandError, Project, Server
from .site import HOSTS, Site

SHORT_KEY = "x7Qf2kLp9Zr4Tn6Wb8Vc3Yd5Hg1Jm0S"
NEWER = "9999_newer"
ORIGINS = {
    "slash": "https://app.example.com/",
    "path": "https://app.example.com/login",
    "json": '["https://app.example.com"]',
    "no-scheme": "app.example.com",
}


def _example_key(project: Project) -> str:
    """The key that the project's example shows, or one that examples often show."""
    example = project.directory / ".env.example"
    if example.exists():
        found = re.search(r"^#?\s*SECRET_KEY=[\"']?([^\"'\n]+)", example.read_text("utf-8"), re.M)
        if found:
            return found.group(1).strip()
    return "change-me-change-me-change-me-change-me"


@pytest.fixture(scope="module")
def attempts(site: Site, project: Project, document: Document) -> Iterator[dict[str, Server]]:
    """Servers in production, each with one setting or database of its own, started side by side."""
    if document.has_auth and (project.directory / ".env").exists():
        pytest.skip("the project's .env has settings, so that none is missing")
    migrated = site.databases.copy(site.prepared)
    settings: dict[str, dict[str, str | None]] = {
        "staging": {"ENVIRONMENT": "staging"},
        **{name: {"CORS_ORIGINS": origins} for name, origins in ORIGINS.items()},
    }
    if document.has_auth:
        settings |= {
            "key-missing": {"SECRET_KEY": ""},
            "key-short": {"SECRET_KEY": SHORT_KEY},
            "key-example": {"SECRET_KEY": _example_key(project)},
            "key-short-in-test": {"ENVIRONMENT": "test", "SECRET_KEY": SHORT_KEY},
            "mail-missing": {"MAIL_URL": None},
            "public-missing": {"PUBLIC_URL": None},
        }
    databases = {"unmigrated": site.databases.fresh(), "newer": _newer(site)}
    servers = {
        name: site.server(name, url, **{**HOSTS["production"], "WORKERS": "1", **more})
        for name, url, more in [
            *((name, migrated, more) for name, more in settings.items()),
            *((name, url, {}) for name, url in databases.items()),
        ]
    }
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(_attempt, servers.values()))
    yield servers
    for server in servers.values():
        server.kill()


def _newer(site: Site) -> str:
    """A database with a migration that the code does not have."""
    url = site.databases.copy(site.prepared)
    statements = [
        f"UPDATE alembic_version SET version_num = '{NEWER}'",
        f"INSERT INTO django_migrations (app, name, applied) SELECT app, '{NEWER}', applied"
        " FROM django_migrations WHERE app NOT IN ('admin', 'auth', 'contenttypes', 'sessions')"
        " LIMIT 1",
        f"UPDATE mikro_orm_migrations SET name = '{NEWER}'",
    ]
    done = 0
    for statement in statements:
        with suppress(Exception):  # Each project has one of these tables.
            site.databases.execute(url, statement)
            done += 1
    assert done == 1, "the suite does not know where this project notes its migrations"
    return url


def _attempt(server: Server) -> None:
    server.launch()
    with suppress(CommandError):
        server.wait_until_live()
        return
    with suppress(subprocess.TimeoutExpired):
        server.wait(5)


def _refuses(server: Server, setting: str) -> None:
    assert server.process is not None
    assert server.process.poll() not in (None, 0), "it started"
    assert setting in server.log_text(), f"it does not name {setting}:\n{server.log_text()}"


@pytest.mark.contract("operations.secret-key")
@pytest.mark.auth
@pytest.mark.parametrize("name", ["key-missing", "key-short", "key-example"])
def test_production_does_not_start_with_such_a_key(attempts: dict[str, Server], name: str) -> None:
    _refuses(attempts[name], "SECRET_KEY")


@pytest.mark.contract("operations.secret-key")
@pytest.mark.auth
def test_32_bytes_are_enough(production: Host) -> None:
    assert production.server is not None
    assert len(production.server.settings["SECRET_KEY"]) == 32
    assert production.server.is_live()


@pytest.mark.contract("operations.production-settings")
@pytest.mark.auth
@pytest.mark.parametrize("setting", ["MAIL_URL", "PUBLIC_URL"])
def test_production_does_not_start_without_it(attempts: dict[str, Server], setting: str) -> None:
    _refuses(attempts[f"{setting.partition('_')[0].lower()}-missing"], setting)


@pytest.mark.contract("settings.environment-names")
@pytest.mark.auth
def test_an_environment_named_test_has_the_rules_of_production(
    attempts: dict[str, Server],
) -> None:
    _refuses(attempts["key-short-in-test"], "SECRET_KEY")


@pytest.mark.contract("settings.environment-names")
def test_staging_has_the_rules_of_production(attempts: dict[str, Server], site: Site) -> None:
    server = attempts["staging"]
    assert not server.exited(), server.log_text()
    client = site.as_host(server).client.root
    assert "strict-transport-security" in client.get("/health/live").headers
    assert client.get("/docs").status_code == 404


@pytest.mark.contract("settings.origins")
@pytest.mark.parametrize("name", ORIGINS)
def test_an_origin_that_can_never_match_is_refused(attempts: dict[str, Server], name: str) -> None:
    _refuses(attempts[name], "CORS_ORIGINS")


@pytest.mark.contract("operations.migrations")
def test_production_does_not_start_on_an_empty_database(attempts: dict[str, Server]) -> None:
    _refuses(attempts["unmigrated"], "migrat")


@pytest.mark.contract("operations.newer-database")
def test_a_database_that_is_newer_is_a_warning(attempts: dict[str, Server]) -> None:
    server = attempts["newer"]
    assert not server.exited(), server.log_text()
    assert server.is_live()
    assert NEWER in server.log_text()
    assert "warning" in server.log_text().lower()
