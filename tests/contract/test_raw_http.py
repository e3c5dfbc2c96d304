"""Requests that no ordinary client sends: odd framing, long headers, headers of gateways."""

from __future__ import annotations

import httpx2 as httpx
import pytest

from .client import API, Client
from .openapi import Document

CLOSE = ("Connection", "close")
CHUNKED = ("Transfer-Encoding", "chunked")
JSON = ("Content-Type", "application/json")
BY_THE_SERVER = {400, 414, 431}
"""What an HTTP server refuses before the application sees it, in words of its own."""


def _refused(answer: httpx.Response | None) -> None:
    """A client's error, unless the connection was closed without an answer."""
    if answer is not None:
        assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.text[:300]}"
        _not_a_page(answer)


def _not_a_page(answer: httpx.Response) -> None:
    """Whatever has passed through the application has a request id, and is no page."""
    if "x-request-id" in answer.headers or answer.status_code not in BY_THE_SERVER:
        assert "html" not in answer.headers.get("content-type", ""), answer.text[:300]


@pytest.fixture(scope="module")
def routes(document: Document) -> list[tuple[str, str]]:
    writes = f"{API}/auth/login" if document.has_auth else API + document.resources[0]
    return [("POST", writes), ("GET", "/health/live"), ("POST", "/no/such/path")]


SIZES = [
    b"zz\r\n{}\r\n0\r\n\r\n",
    b"-1\r\n{}\r\n0\r\n\r\n",
    b"0x2\r\n{}\r\n0\r\n\r\n",
    b"+2\r\n{}\r\n0\r\n\r\n",
    b"\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}XX0\r\n\r\n",
    b"2\r\n{}0\r\n\r\n",
]
TRAILERS = [b"2\r\n{}\r\n0\r\nno colon\r\n\r\n", b"2\r\n{}\r\n0\r\n: empty\r\n\r\n"]


def _in_chunks(client: Client, method: str, path: str, body: bytes) -> httpx.Response | None:
    message = client.root.message(method, path, headers=[CHUNKED, JSON, CLOSE], content=body)
    return client.raw(message, watched=False)


@pytest.mark.contract("input.malformed-chunks")
@pytest.mark.parametrize("body", SIZES)
def test_a_malformed_chunk_is_the_clients_error(
    me: Client, routes: list[tuple[str, str]], body: bytes
) -> None:
    _refused(_in_chunks(me, *routes[0], body))


@pytest.mark.contract("input.malformed-chunks", "input.never-5xx")
@pytest.mark.parametrize("body", [*SIZES, *TRAILERS])
def test_malformed_chunks_are_no_server_error_where_no_body_is_read(
    me: Client, routes: list[tuple[str, str]], body: bytes
) -> None:
    for method, path in routes:
        answer = _in_chunks(me, method, path, body)
        if answer is not None:
            assert answer.status_code < 500, f"{method} {path}: {answer.text[:300]}"
            _not_a_page(answer)
    assert me.root.get("/health/live").status_code == 200


@pytest.mark.contract("input.long-headers", "input.never-5xx")
@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Request-ID", "If-Match", "X"])
def test_a_header_of_nine_kilobytes_is_no_server_error(
    me: Client, routes: list[tuple[str, str]], name: str
) -> None:
    for method, path in routes:
        headers = [(name, "Bearer " + "x" * 9000), JSON, CLOSE]
        answer = me.raw(me.root.message(method, path, headers=headers), watched=False)
        if answer is not None:
            assert answer.status_code < 500, answer.text[:300]
            _not_a_page(answer)


@pytest.mark.contract("input.long-headers", "errors.problem")
def test_a_path_of_nine_kilobytes_is_no_server_error(client: Client) -> None:
    message = client.root.message("GET", "/" + "x" * 9000, headers=[CLOSE])
    _refused(client.raw(message, watched=False))


GATEWAY = [
    "SCRIPT_NAME",
    "Script-Name",
    "PATH_INFO",
    "REMOTE_USER",
    "REMOTE-USER",
    "wsgi.url_scheme",
]


@pytest.mark.contract("input.foreign-headers", "input.never-5xx")
@pytest.mark.parametrize("name", GATEWAY)
@pytest.mark.parametrize("value", ["/svc", "/health", "/", "x", "/health/live"])
def test_a_header_named_like_a_variable_of_the_server_changes_nothing(
    client: Client, name: str, value: str
) -> None:
    for path in ("/health/live", "/no/such/path"):
        message = client.root.message("GET", path, headers=[(name, value), CLOSE])
        answer = client.raw(message, watched=False)
        if answer is not None and answer.status_code not in BY_THE_SERVER:
            assert answer.status_code == client.root.get(path).status_code, answer.text[:300]
            assert "html" not in answer.headers["content-type"]


@pytest.mark.contract("input.foreign-headers", "settings.hosts")
def test_no_header_moves_a_path_under_another_one(me: Client, document: Document) -> None:
    path = f"/health{API}{document.resources[0]}"
    own = me.url.removeprefix("http://").encode()
    for host in (own, b"evil.example.net"):
        message = me.root.message("GET", path, headers=[("SCRIPT_NAME", "/health"), CLOSE])
        answer = me.raw(message.replace(own, host), watched=False)
        assert answer is not None
        assert answer.status_code in (400, 404), answer.text[:300]


@pytest.mark.contract("input.foreign-headers", "headers.no-store")
@pytest.mark.auth
def test_no_header_opens_a_login_under_another_path(client: Client) -> None:
    body = {"email": "nobody@example.com", "password": "wrong-one-9"}
    message = client.root.message(
        "POST", f"/x{API}/auth/login", json=body, headers=[("SCRIPT_NAME", "/x"), CLOSE]
    )
    answer = client.raw(message, watched=False)
    assert answer is not None
    assert answer.status_code in (400, 404)


@pytest.mark.contract("input.two-hosts", "input.never-5xx")
@pytest.mark.parametrize("second", ["evil.example.net", "127.0.0.1"])
def test_two_hosts_are_neither_a_server_error_nor_a_page(client: Client, second: str) -> None:
    for path in ("/health/live", "/no/such/path", "/openapi.json"):
        message = client.root.message("GET", path, headers=[("Host", second), CLOSE])
        first = f"Host: {second}\r\n".encode()
        other_way_round = message.replace(first, b"").replace(b"Host: ", first + b"Host: ", 1)
        for odd in (message, other_way_round):
            answer = client.raw(odd, watched=False)
            if answer is not None:
                assert answer.status_code < 500, answer.text[:300]
                _not_a_page(answer)
