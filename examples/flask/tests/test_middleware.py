"""Every response: request ids, headers, hosts and origins."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from httpx2 import Client

from app.core.config import Settings
from tests.helpers import connect, problem

ORIGIN = "https://shop.example"


@pytest.mark.parametrize("path", ["/health/live", "/nothing"])
def test_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers


def test_hsts_in_production(
    make_app: Callable[[], APIFlask], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "environment", "production")
    headers = connect(make_app()).get("/health/live").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
def test_valid_request_id_is_kept(client: Client, request_id: str) -> None:
    response = client.get("/nothing", headers={"X-Request-ID": request_id})
    assert response.headers["X-Request-ID"] == request_id


@pytest.mark.parametrize("request_id", ["", "a b", "<script>", "a\tb", "x" * 65])
def test_invalid_request_id_is_replaced(client: Client, request_id: str) -> None:
    response = client.get("/nothing", headers={"X-Request-ID": request_id})
    assert len(response.headers["X-Request-ID"]) == 32


def test_request_ids_differ(client: Client) -> None:
    ids = {client.get("/nothing").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000"])
def test_allowed_host_is_accepted(client: Client, host: str) -> None:
    response = client.get("/openapi.json", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "[::2]"])
def test_other_host_is_refused(client: Client, host: str) -> None:
    response = client.get("/openapi.json", headers={"Host": host})
    assert problem(response) == (400, "about:blank")


def test_health_accepts_any_host(client: Client) -> None:
    response = client.get("/health/live", headers={"Host": "10.0.0.7"})
    assert response.status_code == 200


def test_cors_is_off_by_default(client: Client) -> None:
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.fixture
def open_app(
    make_app: Callable[[], APIFlask], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> APIFlask:
    monkeypatch.setattr(settings, "cors_origins", (ORIGIN,))
    return make_app()


def test_cors_allows_a_configured_origin(open_app: APIFlask) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    client = connect(open_app)
    response = client.options("/api/v1/anything", headers=preflight)
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


def test_cors_refuses_another_origin(open_app: APIFlask) -> None:
    response = connect(open_app).get("/health/live", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


def test_head_is_get_without_a_body(client: Client) -> None:
    got, asked = client.get("/health/live"), client.head("/health/live")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["Content-Length"] == got.headers["Content-Length"]


def test_index_links_to_api_docs_and_health(client: Client) -> None:
    links = client.get("/").json()
    assert links.keys() == {"api", "docs", "health", "openapi"}
    assert client.get(links["health"]).status_code == 200


def test_links_behind_a_path_prefix(
    make_app: Callable[[], APIFlask], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "root_path", "/shop")
    client = connect(make_app())
    assert client.get("/").json()["docs"] == "/shop/docs"
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/shop"}]
    assert "/shop/openapi.json" in client.get("/docs").text


def test_client_cannot_set_the_path_prefix(client: Client) -> None:
    assert client.get("/", headers={"SCRIPT_NAME": "/evil"}).json()["docs"] == "/docs"
