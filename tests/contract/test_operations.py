"""Health, documentation, logs, and ending without loss."""

from __future__ import annotations

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from http.client import HTTPException

import httpx2 as httpx
import pytest

from .client import Client
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .polling import wait_until
from .resource import Resource
from .server import Server
from .site import Site


@pytest.mark.contract("operations.live")
def test_a_live_server_says_so(client: Client) -> None:
    answer = client.root.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.contract("operations.ready")
def test_a_ready_server_says_so(client: Client) -> None:
    answer = client.root.get("/health/ready")
    expected = {"status": "ok", "checks": {"database": "ok"}}
    assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.contract("operations.openapi")
def test_the_api_is_documented(client: Client) -> None:
    answer = client.root.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == "application/json"
    assert answer.json()["openapi"].startswith("3.")
    page = client.root.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.contract("operations.openapi")
@pytest.mark.auth
def test_every_route_of_the_contract_is_documented(document: Document) -> None:
    routes = {
        "POST": "auth/register auth/login auth/refresh auth/logout auth/email/resend"
        " auth/email/verify auth/password/forgot auth/password/reset auth/password/change",
        "GET": "auth/sessions users/me users users/x",
        "PATCH": "users/me users/x",
        "DELETE": "auth/sessions auth/sessions/x users/me",
    }
    for method, paths in routes.items():
        for path in paths.split():
            assert document.find(method, f"/api/v1/{path}"), f"{method} {path}"


@pytest.mark.contract("operations.docs-off")
def test_documentation_can_be_turned_off(limited: Host) -> None:
    for path in ("/openapi.json", "/docs"):
        expect_problem(limited.client.root.get(path), 404)


@pytest.mark.contract("operations.docs-off")
def test_production_does_not_document_itself(production: Host) -> None:
    for path in ("/openapi.json", "/docs", "/redoc", "/api/v1/openapi.json"):
        expect_problem(production.client.root.get(path), 404)


@pytest.mark.contract("settings.log-format", "request-id.logged")
def test_the_log_of_production_is_json(production: Host) -> None:
    server = production.server
    assert server is not None
    mark = f"logged-{uuid.uuid4().hex}"
    production.client.get("/no-such-path", headers={"X-Request-ID": mark})
    wait_until(lambda: mark in server.log_text(), "the request is in the log")
    lines = [json.loads(line) for line in server.log_text().splitlines() if line.strip()]
    assert all(isinstance(line, dict) for line in lines)
    assert any(mark in line.values() for line in lines)


@pytest.mark.contract("settings.log-format")
def test_a_request_cannot_write_lines_of_its_own_into_the_log(production: Host) -> None:
    server = production.server
    assert server is not None
    mark = uuid.uuid4().hex
    production.client.get(f"/no%0Asuch%0D%0A{mark}", headers={"User-Agent": "a\tb"})
    wait_until(lambda: mark in server.log_text(), "the request is in the log")
    assert not [line for line in server.log_text().splitlines() if line.startswith(mark)]


@pytest.mark.contract("settings.log-format")
@pytest.mark.auth
def test_no_password_and_no_token_stands_in_the_log(host: Host) -> None:
    if host.server is None:
        pytest.skip("the log of a server at --url is out of sight")
    person = host.person()
    mark = uuid.uuid4().hex
    host.client.post("/auth/login", {"email": person.email, "password": "wrong-one-9" + mark})
    person.get("/users/me", headers={"X-Request-ID": mark})
    server = host.server
    wait_until(lambda: mark in server.log_text(), "the request is in the log")
    text = server.log_text()
    for secret in (person.password, "wrong-one-9" + mark, person.refresh_token, str(person.token)):
        assert secret not in text


@pytest.fixture(params=["1", "2"], ids=["one process", "two processes"])
def ending(site: Site, own_database: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this test's own, to be ended by it."""
    with site.server("ending", own_database, WORKERS=request.param) as server:
        yield server


def _resource(site: Site, server: Server, document: Document) -> Resource:
    host = site.as_host(server)
    owner = host.person() if document.has_auth else host.client
    return Resource(owner, document, document.resources()[0])


def _refused(server: Server) -> bool:
    """A new request gets no answer but a refusal."""
    try:
        url = f"{server.url}/health/live"
        return httpx.get(url, timeout=0.5, trust_env=False).status_code != 200
    except (httpx.HTTPError, OSError, HTTPException):
        return True


@pytest.mark.contract("operations.sigterm")
def test_a_request_in_flight_is_finished_and_new_ones_are_refused(
    site: Site, ending: Server, document: Document
) -> None:
    resource = _resource(site, ending, document)
    owner = resource.owner
    message = owner.message("POST", resource.path, json=resource.body())
    with socket.create_connection(owner.address, timeout=20) as connection:
        connection.sendall(message[:-10])
        _let_it_arrive(owner)
        ending.terminate()
        wait_until(lambda: _refused(ending), "new requests are refused")
        assert not ending.exited(), "it did not wait for the request"
        connection.sendall(message[-10:])
        answer = owner.answer(connection, message)
    assert answer is not None, "the request was dropped"
    assert answer.status_code == 201
    ending.wait(15)


def _let_it_arrive(client: Client) -> None:
    """Requests on later connections are answered, so the earlier one has been accepted."""
    for _ in range(10):
        with httpx.Client(base_url=client.url, trust_env=False) as fresh:
            fresh.get("/health/live")


@pytest.mark.contract("operations.sigterm")
def test_no_request_is_lost_under_load(site: Site, ending: Server, document: Document) -> None:
    resource = _resource(site, ending, document)
    owner, bodies = resource.owner, [resource.body() for _ in range(4)]
    answered: list[set[str]] = [set() for _ in bodies]

    def write(ids: set[str], body: dict[str, object]) -> None:
        while True:
            try:
                with httpx.Client(base_url=owner.url, trust_env=False, timeout=10) as fresh:
                    client = Client(owner.url, owner.watch, token=owner.token, http=fresh)
                    answer = client.post(resource.path, body)
            except httpx.HTTPError:
                return
            if answer.status_code != 201:
                return
            ids.add(answer.json()["id"])

    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(answered, bodies, strict=True)
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: all(len(ids) >= 5 for ids in answered), "all are writing")
    ending.terminate()
    for thread in threads:
        thread.join(20)
    ending.wait(15)
    told = set().union(*answered)
    with Server(site.project or pytest.skip(), ending.settings, ending.log) as again:
        stored: set[str] = set()
        after = Client(again.url, site.record.watch, token=owner.token)
        while page := after.get(f"{resource.path}?size=100&page={len(stored) // 100 + 1}").json():
            stored |= {made["id"] for made in page["items"]}
            if len(stored) >= page["total"]:
                break
    assert stored == told


@pytest.mark.contract("operations.sigterm", "commands.serve")
def test_an_idle_server_ends_at_once(ending: Server) -> None:
    with socket.create_connection(("127.0.0.1", ending.port)):
        ending.terminate()
        ending.wait(5)
    assert _refused(ending)
