"""The project's commands."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from .commands import PASSWORD, SECOND, SILENT, WEAK, Result
from .openapi import Document
from .people import Host, Person
from .server import Project, default_settings
from .site import Site

# Each change of a table takes a while longer, so that both migrations are at it.
SLOW_MIGRATIONS = [
    "CREATE FUNCTION take_a_while() RETURNS event_trigger LANGUAGE plpgsql"
    " AS $$ BEGIN PERFORM pg_sleep(0.03); END $$",
    "CREATE EVENT TRIGGER slow ON ddl_command_end EXECUTE FUNCTION take_a_while()",
]


def _found(host: Host, email: str) -> int:
    return int(host.admin().get("/users", params={"q": email}).json()["total"])


@pytest.mark.contract("commands.migrate")
def test_migrating_again_is_fine(results: dict[str, Result]) -> None:
    [again] = results["migrate"].result()
    assert again.returncode == 0, again.stderr


@pytest.mark.contract("commands.migrate")
def test_migrating_says_what_it_applied(results: dict[str, Result]) -> None:
    [first] = results["first migration"].result()
    assert first.returncode == 0, first.stderr
    assert re.search("0001|initial", first.stdout + first.stderr)


@pytest.mark.contract("commands.migrate-twice")
def test_two_migrations_at_once_both_succeed(site: Site, project: Project) -> None:
    if site.databases.name != "postgres":
        pytest.skip("several machines share a database only with --database postgres")
    url = site.databases.fresh()
    for statement in SLOW_MIGRATIONS:
        site.databases.execute(url, statement)
    settings = default_settings(url, site.directory)
    with ThreadPoolExecutor(2) as pool:
        both = list(
            pool.map(lambda _: project.poe("migrate", settings=settings, check=False), range(2))
        )
    assert [done.returncode for done in both] == [0, 0], both[0].stderr + both[1].stderr


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


@pytest.mark.contract("commands.openapi")
def test_the_document_is_printed(results: dict[str, Result], document: Document) -> None:
    [printed] = results["openapi"].result()
    assert json.loads(printed.stdout) == document.content


@pytest.mark.contract("commands.routes")
def test_the_routes_are_listed(results: dict[str, Result], document: Document) -> None:
    [listing] = results["routes"].result()
    collections = [path for path in document.paths if "{" not in path]
    assert collections
    assert not [path for path in collections if path not in listing.stdout]
