"""Request ids, response headers, hosts, origins and client addresses."""

import json
from io import StringIO
from pathlib import Path
from runpy import run_path

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from config.env import networks
from tests.helpers import problem

ROOT = Path(__file__).parents[1]
ORIGIN = "https://shop.example"


@pytest.mark.parametrize("path", ["/health/live", "/nothing"])
def test_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers


def test_hsts(client: Client, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31536000
    headers = client.get("/health/live").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
def test_valid_request_id_is_kept(client: Client, request_id: str) -> None:
    response = client.get("/nothing", headers={"X-Request-ID": request_id})
    assert response.headers["X-Request-ID"] == request_id


@pytest.mark.parametrize("request_id", ["", "a b", "<script>", "a\tb", "a\n", "x" * 65])
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


def test_health_is_answered_for_any_host(client: Client) -> None:
    response = client.get("/health/live", headers={"Host": "10.0.0.7"})
    assert response.status_code == 200


def test_no_other_origin_is_allowed_by_default(client: Client) -> None:
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.fixture
def open_to_shop(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


@pytest.mark.usefixtures("open_to_shop")
def test_listed_origin_is_allowed(client: Client) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    response = client.options("/api/v1/anything", headers=preflight)
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in response.headers["Access-Control-Allow-Headers"]
    response = client.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.usefixtures("open_to_shop")
def test_other_origin_is_not_allowed(client: Client) -> None:
    response = client.get("/health/live", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


def test_cors_for_all_origins_without_credentials(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True
    response = client.get("/health/live", headers={"Origin": ORIGIN, "Cookie": "a=1"})
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_responses_of_auth_are_not_stored(api: APIClient) -> None:
    assert api.get("/api/v1/auth/sessions").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in api.get("/health/live").headers


@pytest.mark.parametrize(
    ("address", "forwarded", "client_address"),
    [
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:5555", "198.51.100.1"),
        ("127.0.0.1", "2001:1::1", "2001:1::1"),
        ("127.0.0.1", "[2001:1::1]:5555", "2001:1::1"),
        ("127.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("127.0.0.1", "fe80::1%" + "z" * 80, "fe80::1"),
        ("127.0.0.1", "anything", "127.0.0.1"),
        ("127.0.0.1", "]:[,%,:,\ud800", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, anything, 10.1.2.3", "10.1.2.3"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("", "", None),
    ],
)
def test_only_a_trusted_proxy_tells_the_client_address(
    client: Client,
    settings: Settings,
    log: StringIO,
    address: str,
    forwarded: str,
    client_address: str | None,
) -> None:
    settings.FORWARDED_ALLOW_IPS = networks("127.0.0.1, 10.0.0.0/8")
    client.get("/nothing", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=address)
    assert json.loads(log.getvalue())["client"] == client_address


def test_star_trusts_every_proxy(client: Client, settings: Settings, log: StringIO) -> None:
    settings.FORWARDED_ALLOW_IPS = networks("*")
    forwarded = {"X-Forwarded-For": "2001:1::1, 198.51.100.1"}
    client.get("/nothing", headers=forwarded, REMOTE_ADDR="192.0.2.1")
    assert json.loads(log.getvalue())["client"] == "2001:1::1"


def test_prefix_is_in_the_path_and_not_in_the_checks(client: Client, settings: Settings) -> None:
    settings.FORCE_SCRIPT_NAME = "/health"
    response = client.get("/nothing", headers={"Host": "evil.example"})
    assert problem(response) == (400, "about:blank")


def test_client_cannot_set_the_prefix() -> None:
    assert run_path(str(ROOT / "gunicorn.conf.py"))["forwarder_headers"] == ""


def test_view_may_set_its_own_content_security_policy(client: Client) -> None:
    assert "script-src" in client.get("/docs").headers["Content-Security-Policy"]
