"""The project's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from subprocess import CompletedProcess

import pytest

from .openapi import Document
from .people import Host, Person, new_email
from .server import Project, default_settings
from .site import Site

PASSWORD = "one-more-admin-passphrase"
SECOND, WEAK, SILENT = new_email("Second-Admin"), new_email("weak"), new_email("silent")

Result = Future[list[CompletedProcess[str]]]


@pytest.fixture(scope="module")
def results(
    site: Site,
    host: Host,
    document: Document,
    project: Project,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Result]]:
    """Every command, run side by side on the database of the main server; seeds on another."""
    assert host.server is not None
    settings = host.server.settings
    seeded = default_settings(site.databases.copy(site.prepared), tmp_path_factory.mktemp("mail"))

    def run(*commands: tuple[str, ...], **more: str) -> list[CompletedProcess[str]]:
        used = settings | more
        return [project.poe(*command, settings=used, check=False) for command in commands]

    tasks: dict[str, Callable[[], list[CompletedProcess[str]]]] = {
        "seed": lambda: run(("seed",), ("seed",), **seeded),
        "migrate": lambda: run(("migrate",)),
        "routes": lambda: run(("routes",)),
    }
    if document.has_auth:
        twice = [("create-admin", SECOND), ("create-admin", SECOND.upper())]
        tasks["admin"] = lambda: run(*twice, ADMIN_PASSWORD=PASSWORD)
        tasks["weak"] = lambda: run(("create-admin", WEAK), ADMIN_PASSWORD="password123")
        tasks["silent"] = lambda: run(("create-admin", SILENT))
    with ThreadPoolExecutor(3) as pool:
        yield {name: pool.submit(task) for name, task in tasks.items()}


def _found(host: Host, email: str) -> int:
    return int(host.admin().get("/users", params={"q": email}).json()["total"])


@pytest.mark.contract("commands.migrate")
def test_migrating_again_is_fine(results: dict[str, Result]) -> None:
    [again] = results["migrate"].result()
    assert again.returncode == 0, again.stderr


@pytest.mark.contract("commands.create-admin", "users.roles")
@pytest.mark.auth
def test_an_admin_is_made_once(results: dict[str, Result], host: Host) -> None:
    first, _ = results["admin"].result()
    assert first.returncode == 0, first.stderr
    assert _found(host, SECOND) == 1
    assert Person.signed_in(host.client, SECOND, PASSWORD).me()["role"] == "admin"


@pytest.mark.contract("commands.create-admin", "passwords.common")
@pytest.mark.auth
def test_a_weak_password_makes_no_admin(results: dict[str, Result], host: Host) -> None:
    [refused] = results["weak"].result()
    assert refused.returncode != 0
    assert _found(host, WEAK) == 0


@pytest.mark.contract("commands.create-admin")
@pytest.mark.auth
def test_without_a_password_nobody_is_made(results: dict[str, Result], host: Host) -> None:
    [refused] = results["silent"].result()
    assert refused.returncode != 0
    assert _found(host, SILENT) == 0


@pytest.mark.contract("commands.create-admin")
@pytest.mark.auth
def test_a_refusal_is_a_sentence_and_no_traceback(results: dict[str, Result]) -> None:
    for name in ("weak", "silent"):
        [refused] = results[name].result()
        assert refused.stderr.strip() or refused.stdout.strip()
        assert "Traceback" not in refused.stderr


@pytest.mark.contract("commands.seed")
def test_seeding_twice_is_fine(results: dict[str, Result]) -> None:
    for seeding in results["seed"].result():
        assert seeding.returncode == 0, seeding.stderr


@pytest.mark.contract("commands.routes")
def test_the_routes_are_listed(results: dict[str, Result], document: Document) -> None:
    [listing] = results["routes"].result()
    collections = [path for path in document.paths if "{" not in path]
    assert collections
    assert not [path for path in collections if path not in listing.stdout]
