"""The database goes away, and comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .client import Client
from .databases import address, through
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .polling import wait_until
from .relay import Relay
from .resource import Resource
from .site import Site


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
    with site.server("away", database, WORKERS="2") as server:
        yield site.as_host(server)


@pytest.fixture
def owner(away: Host, document: Document) -> Client:
    return away.person() if document.has_auth else away.client


@pytest.fixture
def resource(owner: Client, document: Document) -> Resource:
    return Resource(owner, document, document.resources()[0])


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
