"""Health, documentation, logs."""

from __future__ import annotations

import json
import uuid

import pytest

from .client import API, Client
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .polling import wait_until
from .site import Site


@pytest.mark.contract("operations.live")
def test_a_live_server_says_so(client: Client) -> None:
    answer = client.root.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.contract("operations.ready")
def test_a_ready_server_says_so(client: Client, site: Site) -> None:
    answer = client.root.get("/health/ready")
    checks = {"database": "ok", "jobs": "ok"} if site.has_jobs else {"database": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": checks})


@pytest.mark.contract("operations.index")
def test_the_index_links_to_documentation_health_and_api(client: Client) -> None:
    answer = client.root.get("/")
    assert answer.status_code == 200
    links = answer.json()
    assert set(links) == {"docs", "openapi", "health", "api"}
    for name in ("docs", "openapi", "health"):
        assert client.follow_link(answer, links[name]).status_code == 200, name
    assert answer.url.join(links["api"]).path == API


@pytest.mark.contract("operations.index", "operations.docs-off")
def test_the_index_does_not_link_to_documentation_that_is_off(limited: Host) -> None:
    answer = limited.client.root.get("/")
    assert {name for name, link in answer.json().items() if link} == {"health", "api"}


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
        "POST": "auth/register auth/login auth/token auth/refresh auth/logout auth/email/resend"
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
