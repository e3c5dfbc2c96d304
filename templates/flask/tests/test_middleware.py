"""Request hooks: request ids, headers, hosts and origins."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import create_app
from app.core.config import Settings
from tests.helpers import connect, problem

ORIGIN = "https://shop.example"


@pytest.mark.parametrize("path", ["/health/live", "/nothing"])
def test_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers


def test_only_https_in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "environment", "production")
    headers = connect(create_app()).get("/health/live").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
def test_sane_request_id_is_kept(client: FlaskClient, request_id: str) -> None:
    response = client.get("/nothing", headers={"X-Request-ID": request_id})
    assert response.headers["X-Request-ID"] == request_id


@pytest.mark.parametrize("request_id", ["", "a b", "<script>", "a\tb", "x" * 65])
def test_other_request_id_is_replaced(client: FlaskClient, request_id: str) -> None:
    response = client.get("/nothing", headers={"X-Request-ID": request_id})
    assert len(response.headers["X-Request-ID"]) == 32


def test_request_ids_differ(client: FlaskClient) -> None:
    ids = {client.get("/nothing").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000"])
def test_known_host(client: FlaskClient, host: str) -> None:
    response = client.get("/openapi.json", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "[::2]"])
def test_unknown_host(client: FlaskClient, host: str) -> None:
    response = client.get("/openapi.json", headers={"Host": host})
    assert problem(response) == (400, "about:blank")


def test_health_can_be_asked_by_any_name(client: FlaskClient) -> None:
    response = client.get("/health/live", headers={"Host": "10.0.0.7"})
    assert response.status_code == 200


def test_browsers_of_other_origins_are_kept_out(client: FlaskClient) -> None:
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.fixture
def open_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> APIFlask:
    monkeypatch.setattr(settings, "cors_origins", (ORIGIN,))
    return create_app()


def test_named_origin_may_ask(open_app: APIFlask) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    client = connect(open_app)
    response = client.options("/api/v1/anything", headers=preflight)
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


def test_other_origin_may_not(open_app: APIFlask) -> None:
    response = connect(open_app).get("/health/live", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "origin", ["https://shop-example", f"{ORIGIN}.evil.example", "https://[::1]:3"]
)
def test_origin_is_no_pattern(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    monkeypatch.setattr(settings, "cors_origins", (ORIGIN, "https://[::1]:30"))
    client = connect(create_app())
    response = client.get("/health/live", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in response.headers
    response = client.get("/health/live", headers={"Origin": "https://[::1]:30"})
    assert response.headers["Access-Control-Allow-Origin"] == "https://[::1]:30"


def test_any_origin_comes_without_credentials(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "cors_origins", ("*",))
    headers = {"Origin": ORIGIN, "Cookie": "a=1"}
    response = connect(create_app()).get("/health/live", headers=headers)
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    got, asked = client.get("/health/live"), client.head("/health/live")
    assert (asked.status_code, asked.data) == (200, b"")
    assert asked.headers["Content-Length"] == got.headers["Content-Length"]


def test_index_links_to_the_parts_of_the_service(client: FlaskClient) -> None:
    links = client.get("/").get_json()
    assert links.keys() == {"api", "docs", "health", "openapi"}
    assert client.get(links["health"]).status_code == 200


def test_links_behind_a_path_prefix(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "root_path", "/shop")
    client = connect(create_app())
    assert client.get("/").get_json()["docs"] == "/shop/docs"
    assert client.get("/openapi.json").get_json()["servers"] == [{"url": "/shop"}]
    assert "/shop/openapi.json" in client.get("/docs").text


def test_client_cannot_set_the_path_prefix(client: FlaskClient) -> None:
    assert client.get("/", headers={"SCRIPT_NAME": "/evil"}).get_json()["docs"] == "/docs"
