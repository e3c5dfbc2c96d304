"""Middleware: request ids, headers, hosts and origins."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.core.config import Settings
from app.main import create_app
from tests.helpers import connect, problem

ORIGIN = "https://shop.example"


@pytest.mark.parametrize("path", ["/health/live", "/nothing"])
async def test_security_headers(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers


async def test_only_https_in_production(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "environment", "production")
    async with connect(create_app()) as client:
        headers = (await client.get("/health/live")).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
async def test_sane_request_id_is_kept(client: AsyncClient, request_id: str) -> None:
    response = await client.get("/nothing", headers={"X-Request-ID": request_id})
    assert response.headers["X-Request-ID"] == request_id


@pytest.mark.parametrize("request_id", ["", "a b", "<script>", "a\tb", "x" * 65])
async def test_other_request_id_is_replaced(client: AsyncClient, request_id: str) -> None:
    response = await client.get("/nothing", headers={"X-Request-ID": request_id})
    assert len(response.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000"])
async def test_known_host(client: AsyncClient, host: str) -> None:
    response = await client.get("/openapi.json", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "[::2]"])
async def test_unknown_host(client: AsyncClient, host: str) -> None:
    response = await client.get("/openapi.json", headers={"Host": host})
    assert problem(response) == (400, "about:blank")


async def test_health_can_be_asked_by_any_name(client: AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Host": "10.0.0.7"})
    assert response.status_code == 200


async def test_browsers_of_other_origins_are_kept_out(client: AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.fixture
def open_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setattr(settings, "cors_origins", (ORIGIN,))
    return create_app()


async def test_named_origin_may_ask(open_app: FastAPI) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    async with connect(open_app) as client:
        response = await client.options("/api/v1/anything", headers=preflight)
        assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
        response = await client.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


async def test_head_is_get_without_a_body(client: AsyncClient) -> None:
    got, asked = await client.get("/health/live"), await client.head("/health/live")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["Content-Length"] == got.headers["Content-Length"]


async def test_index_links_to_the_parts_of_the_service(client: AsyncClient) -> None:
    links = (await client.get("/")).json()
    assert links.keys() == {"api", "docs", "health", "openapi"}
    assert (await client.get(links["health"])).status_code == 200


async def test_links_behind_a_path_prefix() -> None:
    transport = ASGITransport(create_app(), root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://localhost/shop") as client:
        assert (await client.get("/")).json()["docs"] == "/shop/docs"
        assert (await client.get("/openapi.json")).json()["servers"] == [{"url": "/shop"}]
