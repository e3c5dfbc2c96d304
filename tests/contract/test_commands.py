"""The project's commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from .openapi import Document
from .people import Host, Person, new_email
from .server import Project, default_settings
from .site import Site

PASSWORD = "one-more-admin-passphrase"


@pytest.fixture
def settings(host: Host, tmp_path: Path) -> dict[str, str]:
    """The settings of the main server, so that what a command does is seen there."""
    if host.server is None:
        pytest.skip("needs servers of its own: run with --project instead of --url")
    return {**host.server.settings, "MAIL_URL": f"file://{tmp_path}"}


def _create_admin(project: Project, email: str, settings: dict[str, str]) -> int:
    return project.poe("create-admin", email, settings=settings, check=False).returncode


@pytest.mark.contract("commands.migrate")
def test_migrating_twice_is_migrating_once(project: Project, settings: dict[str, str]) -> None:
    project.migrate(settings)


@pytest.mark.contract("commands.create-admin", "users.roles")
@pytest.mark.auth
def test_an_admin_is_made_once(project: Project, host: Host, settings: dict[str, str]) -> None:
    email = new_email("second-admin")
    settings = {**settings, "ADMIN_PASSWORD": PASSWORD}
    assert _create_admin(project, email, settings) == 0
    assert Person.signed_in(host.client, email, PASSWORD).me()["role"] == "admin"
    other = {**settings, "ADMIN_PASSWORD": "another-passphrase-entirely"}
    _create_admin(project, email.upper(), other)
    assert host.admin().get("/users", params={"q": email}).json()["total"] == 1
    assert Person.signed_in(host.client, email, PASSWORD).me()["role"] == "admin"


@pytest.mark.contract("commands.create-admin", "passwords.length", "passwords.common")
@pytest.mark.auth
@pytest.mark.parametrize("password", ["short", "password123"])
def test_a_weak_password_makes_no_admin(
    project: Project, host: Host, settings: dict[str, str], password: str
) -> None:
    email = new_email("weak-admin")
    assert _create_admin(project, email, {**settings, "ADMIN_PASSWORD": password}) != 0
    assert host.admin().get("/users", params={"q": email}).json()["total"] == 0


@pytest.mark.contract("commands.create-admin")
@pytest.mark.auth
def test_without_a_password_nobody_is_made(
    project: Project, host: Host, settings: dict[str, str]
) -> None:
    email = new_email("no-admin")
    assert _create_admin(project, email, settings) != 0
    assert host.admin().get("/users", params={"q": email}).json()["total"] == 0


@pytest.mark.contract("commands.seed")
def test_seeding_twice_is_fine(
    site: Site, project: Project, own_database: str, tmp_path: Path
) -> None:
    settings = default_settings(own_database, tmp_path)
    project.poe("seed", settings=settings)
    before = len(list(site.databases.texts(own_database)))
    project.poe("seed", settings=settings)
    assert len(list(site.databases.texts(own_database))) == before


@pytest.mark.contract("commands.routes")
def test_the_routes_are_listed(
    project: Project, document: Document, settings: dict[str, str]
) -> None:
    listing = project.poe("routes", settings=settings).stdout
    collections = [path for path in document.paths if "{" not in path]
    assert collections
    assert not [path for path in collections if path not in listing]
