"""The database goes away and comes back, hangs, cancels, or gives few connections."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
import pytest

from .client import Client
from .databases import PostgreSQL, address, through
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .polling import wait_until
from .relay import Relay
from .resource import Resource
from .site import Site

TIMEOUT, POOL, WORKERS = 2, 4, 2
PATIENCE = 3
"""Seconds that a busy machine may need besides."""
RECONNECT = 6
"""Seconds, at most, of the second try that a server that hangs gets by a new connection."""
CLOSE = ("Connection", "close")
TRACE = re.compile(r"Traceback|^\s+at .+:\d+:\d+\)?$|\\n\s+at ", re.MULTILINE)
"""Where an error was raised, as Python and Node write it."""


@pytest.fixture(scope="module")
def relay(site: Site) -> Iterator[Relay]:
    if site.external or site.databases.name != "postgres":
        pytest.skip("cuts the line to the database, so it needs --database postgres")
    relay = Relay(address(site.prepared))
    yield relay
    relay.close()


@pytest.fixture(scope="module")
def away(site: Site, relay: Relay) -> Iterator[Host]:
    """A server whose line to its database the test can cut."""
    database = through(relay, site.databases.copy(site.prepared))
    settings = {"DATABASE_TIMEOUT_SECONDS": str(TIMEOUT), "DATABASE_POOL_SIZE": str(POOL)}
    with site.server("away", database, WORKERS=str(WORKERS), **settings) as server:
        yield site.as_host(server)


@pytest.fixture
def owner(away: Host, document: Document) -> Client:
    return away.person() if document.has_auth else away.client


@pytest.fixture
def resource(owner: Client, document: Document) -> Resource:
    return Resource(owner, document, document.resources[0])


@pytest.fixture
def cut(relay: Relay, resource: Resource) -> Iterator[Relay]:
    relay.cut()
    yield relay
    relay.mend()
    wait_until(lambda: _ready(resource.owner) == 200, "it is ready again", 30)


def _ready(client: Client) -> int:
    return client.root.get("/health/ready").status_code


@pytest.mark.contract("operations.live", "operations.ready", "errors.database-away")
def test_without_its_database_a_server_lives_but_is_not_ready(cut: Relay, owner: Client) -> None:
    assert owner.root.get("/health/live").json() == {"status": "ok"}
    answer = owner.root.get("/health/ready")
    assert answer.status_code == 503
    assert "postgres" not in answer.text.lower()


@pytest.mark.contract("errors.database-away", "errors.titles", "request-id.in-5xx")
def test_what_needs_the_database_is_503(cut: Relay, resource: Resource, away: Host) -> None:
    for answer in (
        resource.owner.get(resource.path),
        resource.owner.post(resource.path, resource.fields and {}),
        resource.owner.get(resource.path, headers={"X-Request-ID": "while-it-was-away"}),
    ):
        if answer.status_code != 422:
            assert expect_problem(answer, 503)["title"] == "Service Unavailable"
    assert "while-it-was-away" in answer.text


@pytest.mark.contract("errors.database-away")
@pytest.mark.auth
def test_logging_in_without_the_database_is_503(cut: Relay, away: Host) -> None:
    login = {"email": "nobody@example.com", "password": "correct-horse-battery"}
    expect_problem(away.client.post("/auth/login", login), 503)


@pytest.mark.contract("errors.database-away", "operations.ready")
def test_it_recovers_by_itself(relay: Relay, resource: Resource) -> None:
    made = resource.make()
    for _ in range(3):
        relay.cut()
        assert _ready(resource.owner) == 503
        relay.mend()
        wait_until(lambda: _ready(resource.owner) == 200, "it is ready again", 30)
        for _ in range(6):
            wait_until(
                lambda: resource.owner.get(resource.url(made)).status_code == 200, "it works again"
            )
    assert resource.owner.get(resource.url(made)).json() == made


@dataclass
class Backstage:
    """The database of the server, reached beside the relay."""

    databases: PostgreSQL
    url: str

    def others(self, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
        """Ask about the connections of the server."""
        return self.databases.execute(
            self.url,
            f"SELECT {columns} FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND {condition}",
        )

    def waiting(self) -> list[int]:
        return [pid for (pid,) in self.others("pid", "wait_event_type = 'Lock'")]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else reads or writes any table meanwhile."""
        rows = self.databases.execute(
            self.url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = ", ".join(f'"{name}"' for (name,) in rows)
        with self.databases.connect(self.url) as connection, connection.transaction():
            connection.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
            yield


@pytest.fixture
def backstage(site: Site, away: Host) -> Backstage:
    assert away.server is not None
    assert isinstance(site.databases, PostgreSQL)
    name = away.server.settings["DATABASE_URL"].rpartition("/")[2]
    return Backstage(site.databases, site.prepared.rpartition("/")[0] + f"/{name}")


def _gets(resource: Resource, made: dict[str, Any], count: int) -> list[httpx.Response]:
    """That many requests at once, over as many connections."""
    message = resource.owner.message("GET", resource.url(made), headers=[CLOSE])
    return resource.owner.race([message] * count)


def _all_work(resource: Resource, made: dict[str, Any]) -> None:
    answers = _gets(resource, made, 12)
    answers += [resource.owner.get(resource.url(made), headers=dict([CLOSE])) for _ in range(8)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200] * 20
    changed = [
        resource.owner.patch(resource.url(made), {}, headers=dict([CLOSE])) for _ in range(4)
    ]
    assert [answer.status_code for answer in changed] == [200] * 4


@pytest.mark.contract("errors.database-back")
def test_no_request_fails_after_idle_connections_were_cut(
    resource: Resource, backstage: Backstage
) -> None:
    made = resource.make()
    _gets(resource, made, 24)  # Several connections are open in each process now.
    assert len(backstage.others("pid")) > WORKERS
    backstage.others("pg_terminate_backend(pid)")
    wait_until(lambda: not backstage.others("pid"), "all connections are closed")
    _all_work(resource, made)


@pytest.mark.contract("errors.database-back")
def test_no_request_fails_once_the_database_is_back(relay: Relay, resource: Resource) -> None:
    made = resource.make()
    _gets(resource, made, 24)
    relay.cut()
    assert {answer.status_code for answer in _gets(resource, made, 6)} == {503}
    relay.mend()
    _all_work(resource, made)


@pytest.mark.contract("errors.database-hangs", "errors.titles")
def test_a_database_that_hangs_is_503_in_time(relay: Relay, resource: Resource) -> None:
    made = resource.make()
    _gets(resource, made, 12)
    relay.hang()
    try:
        with ThreadPoolExecutor(1) as pool:
            begun = time.monotonic()
            hanging = pool.submit(_gets, resource, made, POOL - 1)  # A thread is left in each.
            time.sleep(0.3)
            asked = time.monotonic()
            assert resource.owner.root.get("/health/live").status_code == 200
            assert time.monotonic() - asked < 1, "the server hangs with its database"
            answers = hanging.result()
            seconds = time.monotonic() - begun
    finally:
        relay.resume()
    for answer in answers:
        assert expect_problem(answer, 503)["title"] == "Service Unavailable"
    assert seconds < TIMEOUT + RECONNECT + PATIENCE
    wait_until(lambda: _ready(resource.owner) == 200, "it is ready again", 30)
    _all_work(resource, made)


def _cancelled(answer: httpx.Response, host: Host, log_before: str) -> None:
    assert answer.status_code in (500, 503), answer.text
    problem = expect_problem(answer, answer.status_code)
    assert "reach" not in problem.get("detail", ""), problem
    assert host.server is not None
    log = host.server.log_text()[len(log_before) :]
    assert TRACE.search(log), log
    assert "cancel" in log.lower()


@pytest.mark.contract("errors.database-cancels")
@pytest.mark.parametrize("by_hand", [True, False], ids=["pg_cancel_backend", "lock wait"])
def test_a_statement_that_is_cancelled_is_not_taken_for_a_lost_connection(
    resource: Resource, away: Host, backstage: Backstage, by_hand: bool
) -> None:
    made = resource.make()
    assert away.server is not None
    before, begun = away.server.log_text(), time.monotonic()
    with ThreadPoolExecutor(1) as pool, backstage.locked():
        answer = pool.submit(resource.owner.get, resource.url(made))
        wait_until(lambda: bool(backstage.waiting()), "a statement waits for the lock")
        if by_hand:
            backstage.others("pg_cancel_backend(pid)", "wait_event_type = 'Lock'")
        cancelled = answer.result()
    assert time.monotonic() - begun < TIMEOUT + PATIENCE
    _cancelled(cancelled, away, before)
    _all_work(resource, made)


@pytest.mark.contract("settings.pool", "settings.environment")
def test_a_process_opens_no_more_connections_than_its_pool_has(
    resource: Resource, backstage: Backstage
) -> None:
    made = resource.make()
    with ThreadPoolExecutor(1) as pool:
        with backstage.locked():
            answers = pool.submit(_gets, resource, made, 30)
            wait_until(lambda: len(backstage.waiting()) > 1, "requests wait for the lock")
            time.sleep(0.5)
            locker = 1
            opened = len(backstage.others("pid")) - locker
        assert [answer.status_code for answer in answers.result()] == [200] * 30
    assert opened <= POOL * WORKERS
