"""Every error is a problem (RFC 9457), whatever raises it."""

from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from apiflask import APIFlask
from apiflask import abort as api_abort
from flask import abort
from httpx2 import Client

from app.core.config import Settings
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


def test_chunked_body_is_too_large(app: APIFlask, settings: Settings) -> None:
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    body = BytesIO(b" " * settings.max_body_bytes * 2)
    client = app.test_client()
    response = client.post(URL, input_stream=body, headers=JSON, environ_overrides=chunked)
    assert response.status_code == 413


def test_unexpected_error_is_answered_and_logged(
    app: APIFlask, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a reason to keep quiet about")

    monkeypatch.setitem(app.view_functions, "health.live", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    response = connect(app).get("/health/live", headers={"X-Request-ID": "failing"})
    assert problem(response) == (500, "about:blank")
    assert response.json()["request_id"] == response.headers["X-Request-ID"] == "failing"
    assert "reason" not in response.text
    (line,) = [line for line in log.getvalue().splitlines() if "a reason" in line]
    assert '"request_id": "failing"' in line


def test_abort_keeps_its_text(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "health.live", lambda: abort(410, "Sold out."))
    response = connect(app).get("/health/live")
    assert problem(response) == (410, "about:blank")
    assert (response.json()["title"], response.json()["detail"]) == ("Gone", "Sold out.")


def test_abort_of_apiflask_keeps_its_data(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        api_abort(409, "Sold out.", extra_data={"left": 0})

    monkeypatch.setitem(app.view_functions, "health.live", refuse)
    response = connect(app).get("/health/live")
    assert problem(response) == (409, "about:blank")
    assert (response.json()["detail"], response.json()["left"]) == ("Sold out.", 0)


def test_database_is_unavailable(
    make_app: Callable[[], APIFlask], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "database_url", "postgresql://127.0.0.1:1/app")
    body = {"email": "ann@example.com", "password": "violet-otter-juggles"}
    response = connect(make_app()).post("/api/v1/auth/login", json=body)
    assert problem(response) == (503, "about:blank")
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
