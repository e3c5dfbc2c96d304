"""Every error is a problem (RFC 9457), whatever raises it."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from httpx2 import Client

from app.core.config import Settings
from app.core.database import get_session
from tests.helpers import connect, invalid, problem

URL = "/api/v1/items"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", f"{URL}/", "/api/v2/nothing.php"])
def test_unknown_path(client: Client, path: str) -> None:
    assert problem(client.get(path)) == (404, "about:blank")


def test_unknown_method(client: Client) -> None:
    response = client.put(URL)
    assert problem(response) == (405, "about:blank")
    assert set(response.headers["Allow"].split(", ")) >= {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("body", [b"{", b'{"a": 1,}', b"\xff", b"'a'", b'{"a": NaN}', b"\x00{"])
def test_malformed_json(client: Client, body: bytes) -> None:
    response = client.post(URL, content=body, headers=JSON)
    assert problem(response) == (400, "malformed-json")


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"null", b'"text"'])
def test_body_is_not_an_object(client: Client, body: bytes) -> None:
    assert invalid(client.post(URL, content=body, headers=JSON)) == {"#"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_body_is_not_json(client: Client, media_type: str) -> None:
    response = client.post(URL, content=b"{}", headers={"Content-Type": media_type})
    assert problem(response) == (415, "about:blank")


def test_body_is_too_large(client: Client, settings: Settings) -> None:
    body = b" " * (settings.max_body_bytes + 1)
    response = client.post(URL, content=body, headers=JSON)
    assert problem(response) == (413, "about:blank")


def test_chunked_body_is_too_large(client: Client, settings: Settings) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(2):
            yield b" " * settings.max_body_bytes

    response = client.post(URL, content=chunks(), headers=JSON)
    assert problem(response) == (413, "about:blank")


def test_unexpected_error_is_answered_and_raised(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a reason to keep quiet about")

    monkeypatch.setitem(app.dependency_overrides, get_session, fail)
    response = connect(app).get(URL, headers={"X-Request-ID": "failing"})
    assert problem(response) == (500, "about:blank")
    assert response.json()["request_id"] == response.headers["X-Request-ID"] == "failing"
    assert "reason" not in response.text
    # For the server's log, and for tools that watch exceptions.
    with pytest.raises(RuntimeError, match="a reason"):
        TestClient(app, base_url="http://localhost").get(URL)


def test_exception_of_the_framework_keeps_status_and_detail(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise HTTPException(410, "The coupon has expired.", {"Retry-After": "60"})

    monkeypatch.setitem(app.dependency_overrides, get_session, refuse)
    response = connect(app).get(URL)
    assert problem(response) == (410, "about:blank")
    assert response.json()["title"] == "Gone"
    assert response.json()["detail"] == "The coupon has expired."
    assert response.headers["Retry-After"] == "60"


def test_structured_detail_is_kept(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise HTTPException(409, {"code": "SOLD_OUT"})

    monkeypatch.setitem(app.dependency_overrides, get_session, refuse)
    response = connect(app).get(URL)
    assert (response.status_code, response.json()) == (409, {"detail": {"code": "SOLD_OUT"}})


def test_database_is_unavailable(
    make_app: Callable[[], FastAPI], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "database_url", "postgresql://127.0.0.1:1/app")
    body = {"email": "ann@example.com", "password": "violet-otter-juggles"}
    response = connect(make_app()).post("/api/v1/auth/login", json=body)
    assert problem(response) == (503, "about:blank")
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
