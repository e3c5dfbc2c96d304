"""Request ids, security headers, CORS."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from .client import Client
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .record import SANE_ID
from .site import ORIGIN, Site

FOREIGN = "https://evil.example.net"


@pytest.mark.contract("request-id.accepted", "request-id.returned")
@pytest.mark.parametrize("sane", ["a", "A-z_0.9", "x" * 64, str(uuid.uuid4())])
def test_a_sane_request_id_comes_back(client: Client, sane: str) -> None:
    for path in ("/health/live", "/no/such/path"):
        answer = client.root.get(path, headers={"X-Request-ID": sane})
        assert answer.headers["x-request-id"] == sane


@pytest.mark.contract("request-id.made", "request-id.returned")
@pytest.mark.parametrize("odd", ["", "x" * 65, "a b", "a,b", "é", "<script>", "a/b", "a;b", "a\tb"])
def test_an_odd_request_id_is_replaced(client: Client, odd: str) -> None:
    headers = {"X-Request-ID": odd.encode("utf-8")}
    made = client.root.get("/health/live", headers=headers).headers["x-request-id"]
    assert SANE_ID.fullmatch(made)
    assert made != odd


@pytest.mark.contract("request-id.made")
def test_request_ids_are_made_one_for_each_request(client: Client) -> None:
    ids = {client.root.get("/health/live").headers["x-request-id"] for _ in range(10)}
    assert len(ids) == 10


@pytest.mark.contract("request-id.made")
def test_two_request_ids_are_not_glued_together(client: Client) -> None:
    ids = [("X-Request-ID", "one"), ("X-Request-ID", "two")]
    message = client.root.message("GET", "/health/live", headers=[*ids, ("Connection", "close")])
    answer = client.root.raw(message)
    assert answer is not None
    assert SANE_ID.fullmatch(answer.headers["x-request-id"])


@pytest.mark.contract("request-id.logged")
def test_the_request_id_stands_in_the_log(host: Host) -> None:
    if host.server is None:
        pytest.skip("the log of a server at --url is out of sight")
    mark = f"logged-{uuid.uuid4().hex}"
    host.client.get("/no/such/path", headers={"X-Request-ID": mark})
    deadline = time.monotonic() + 5
    while mark not in host.server.log_text():
        assert time.monotonic() < deadline, "no line of the log has the request's id"
        time.sleep(0.02)


def _many_answers(client: Client) -> Iterator[httpx.Response]:
    yield client.root.get("/health/live")
    yield client.root.get("/openapi.json")
    yield client.get("/no/such/path")
    yield client.root.request("DELETE", "/health/live")
    yield client.request("POST", "/no/such/path", content=b"{", headers={"Content-Type": "x/y"})
    yield client.root.get("/health/live", headers={"Host": "evil.example.net"})


@pytest.mark.contract("headers.security")
def test_every_answer_carries_security_headers(client: Client) -> None:
    for answer in _many_answers(client):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"]
        assert answer.headers["content-security-policy"]


@pytest.mark.contract("headers.security")
def test_the_policy_for_json_allows_nothing(client: Client) -> None:
    policy = client.root.get("/health/live").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.contract("headers.hsts")
def test_production_asks_for_https_for_a_year_and_this_host_alone(production: Host) -> None:
    for answer in _many_answers(production.client):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.contract("headers.hsts")
def test_only_production_asks_for_https(client: Client) -> None:
    assert "strict-transport-security" not in client.root.get("/health/live").headers


@pytest.mark.contract("headers.no-store")
@pytest.mark.auth
def test_nothing_under_auth_is_stored(client: Client, me: Client) -> None:
    for answer in (
        client.post("/auth/login", {"email": "nobody@example.com", "password": "wrong-one"}),
        client.post("/auth/login", {}),
        client.get("/auth/login"),
        client.get("/auth/no-such-path"),
        client.get("/auth/sessions"),
        me.get("/auth/sessions"),
    ):
        assert "no-store" in answer.headers["cache-control"]


def _preflight(
    client: Client, origin: str, method: str = "POST", path: str = "/health/live"
) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,if-match",
    }
    return client.root.request("OPTIONS", path, headers=headers)


def _allowed(answer: httpx.Response) -> str | None:
    return answer.headers.get("access-control-allow-origin")


@pytest.mark.contract("cors.closed")
@pytest.mark.parametrize("origin", [ORIGIN, FOREIGN, "null", "http://localhost:8000"])
def test_without_named_origins_none_may_read(limited: Host, origin: str) -> None:
    client = limited.client.root
    assert _allowed(_preflight(client, origin)) is None
    for path in ("/health/live", "/api/v1/no-such-path"):
        assert _allowed(client.get(path, headers={"Origin": origin})) is None


@pytest.mark.contract("cors.named")
def test_a_named_origin_may_read(site: Site, client: Client) -> None:
    if site.external:
        pytest.skip("the origins of a server at --url are its own")
    preflight = _preflight(client, ORIGIN)
    assert preflight.status_code in (200, 204)
    assert _allowed(preflight) == ORIGIN
    assert "POST" in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    assert "if-match" in allowed
    for path in ("/health/live", "/api/v1/no-such-path"):
        answer = client.root.get(path, headers={"Origin": ORIGIN})
        assert _allowed(answer) == ORIGIN
        assert "origin" in answer.headers["vary"].lower()


@pytest.mark.contract("cors.named")
def test_a_named_origin_may_call_every_operation(
    site: Site, client: Client, document: Document
) -> None:
    if site.external:
        pytest.skip("the origins of a server at --url are its own")
    for operation in document.operations:
        path = re.sub(r"\{[^}]+\}", str(uuid.uuid4()), operation.path)
        preflight = _preflight(client, ORIGIN, operation.method, path)
        assert preflight.status_code in (200, 204), operation
        assert _allowed(preflight) == ORIGIN, operation


@pytest.mark.contract("cors.named")
@pytest.mark.parametrize(
    "origin",
    [FOREIGN, "null", f"{ORIGIN}.evil.example.net", ORIGIN.replace("https", "http"), ORIGIN + ":8"],
)
def test_an_origin_that_is_not_named_may_not(client: Client, origin: str) -> None:
    preflight = _preflight(client, origin)
    assert _allowed(preflight) is None
    assert _allowed(client.root.get("/health/live", headers={"Origin": origin})) is None


@pytest.mark.contract("cors.no-wildcard-credentials")
def test_a_wildcard_never_comes_with_credentials(shortlived: Host) -> None:
    client = shortlived.client.root
    headers = {"Origin": FOREIGN, "Cookie": "a=b"}
    for answer in (_preflight(client, FOREIGN), client.get("/health/live", headers=headers)):
        assert answer.headers.get("access-control-allow-credentials") != "true"


@pytest.mark.contract("settings.hosts")
@pytest.mark.parametrize("name", ["evil.example.net", "127.0.0.1.evil.example.net", "localhost@x"])
def test_a_host_that_is_not_allowed_is_refused(client: Client, name: str) -> None:
    answer = client.root.get("/openapi.json", headers={"Host": name})
    assert 400 <= answer.status_code < 500
    expect_problem(answer, answer.status_code)
