"""What the owner of a FastAPI project adds, as the manuals of these packages say.

test_additions.py puts this file among the tests of a rendered project, and runs it there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import sentry_sdk
import structlog
import uvicorn
from app.auth.dependencies import CurrentUser
from app.core.config import Settings
from app.core.database import DB, Base
from app.items.models import Item
from app.items.schemas import ItemRead
from app.main import create_app
from app.users.models import User
from fastapi import FastAPI, HTTPException, WebSocket
from fastapi.responses import StreamingResponse
from fastapi_pagination import Page, add_pagination
from fastapi_pagination.ext.sqlalchemy import apaginate
from httpx2 import ASGITransport, AsyncClient, Client
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from sqladmin import Admin, ModelView
from sqlalchemy import func, select, text
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_websocket

pytestmark = pytest.mark.anyio

STREAMS = 20
PASSWORD = "violet-otter-juggles"


class UserAdmin(ModelView, model=User):
    column_list = (User.id, User.email)


def add_routes(application: FastAPI) -> None:
    """Routes as FastAPI's documentation writes them."""

    @application.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("broken on purpose")

    @application.get("/sold-out")
    async def sold_out() -> None:
        raise HTTPException(409, detail={"code": "SOLD_OUT", "left": 0})

    @application.get("/half-written")
    async def half_written(db: DB, user: CurrentUser) -> None:
        statement = text("UPDATE users SET name = 'Half' WHERE email = :email")
        await db.execute(statement, {"email": user.email})
        raise ZeroDivisionError("after writing")

    @application.get("/paginated")
    async def paginated(db: DB) -> Page[ItemRead]:
        page: Page[ItemRead] = await apaginate(db, select(Item).order_by(Item.id))
        return page

    @application.get("/events")
    async def events(user: CurrentUser, db: DB) -> StreamingResponse:
        total = await db.scalar(select(func.count()).select_from(Item))

        async def stream() -> AsyncIterator[str]:
            while True:
                yield f"data: {json.dumps({'user': user.email, 'items': total})}\n\n"
                await asyncio.sleep(0.2)

        return StreamingResponse(stream(), media_type="text/event-stream")

    @application.websocket("/ws")
    async def ws(websocket: WebSocket, user: CurrentUser, db: DB) -> None:
        await websocket.accept()
        total = await db.scalar(select(func.count()).select_from(Item))
        await websocket.send_json({"user": user.email, "items": total})
        await websocket.close()


@pytest.fixture
async def extended(app: FastAPI) -> AsyncIterator[FastAPI]:
    """The project's application with what its owner added, on the database of the tests."""
    application = create_app()
    add_routes(application)
    add_pagination(application)
    Instrumentator(registry=CollectorRegistry()).instrument(application).expose(application)
    async with application.router.lifespan_context(application):
        Admin(application, application.state.engine).add_view(UserAdmin)
        yield application


@pytest.fixture
async def outsider(extended: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client that gets a 500 as an answer, as one beyond a network does."""
    transport = ASGITransport(extended, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def reported() -> Iterator[list[dict[str, Any]]]:
    """The events that Sentry's SDK would have sent."""
    events: list[dict[str, Any]] = []

    class Collecting(Transport):
        def capture_envelope(self, envelope: Envelope) -> None:
            if event := envelope.get_event():
                events.append(dict(event))

    sentry_sdk.init(dsn="https://key@sentry.invalid/1", transport=Collecting)
    yield events
    sentry_sdk.init()


async def test_sentry_sees_each_500_once(
    reported: list[dict[str, Any]], outsider: AsyncClient
) -> None:
    response = await outsider.get("/broken")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    sentry_sdk.flush()
    raised = [value["value"] for event in reported for value in event["exception"]["values"]]
    assert raised == ["broken on purpose"]


async def test_opentelemetry_has_one_span_for_each_request(extended: FastAPI) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    FastAPIInstrumentor.instrument_app(extended, tracer_provider=provider)
    transport = ASGITransport(extended, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/health/live", "/broken"):
            await client.get(path)
    spans = [span for span in exporter.get_finished_spans() if span.kind is SpanKind.SERVER]
    assert [span.name for span in spans] == ["GET /health/live", "GET /broken"]
    events = [event.name for span in spans for event in span.events]
    assert events == ["exception"]


async def test_prometheus_counts_requests_by_route(outsider: AsyncClient) -> None:
    await outsider.get("/health/live")
    metrics = await outsider.get("/metrics")
    assert metrics.status_code == 200
    assert 'handler="/health/live"' in metrics.text


async def test_sqladmin_lists_rows(outsider: AsyncClient) -> None:
    page = await outsider.get("/admin/user/list")
    assert page.status_code == 200
    assert "Users" in page.text
    assert (await outsider.get("/admin/statics/css/main.css")).status_code == 200


async def test_fastapi_pagination_makes_pages(outsider: AsyncClient) -> None:
    page = await outsider.get("/paginated", params={"page": 1, "size": 10})
    assert page.status_code == 200, page.text
    assert page.json()["page"] == 1


async def test_detail_of_an_exception_is_no_repr_of_python(outsider: AsyncClient) -> None:
    response = await outsider.get("/sold-out")
    assert response.status_code == 409
    assert "SOLD_OUT" in response.text
    assert "'code'" not in response.text


def test_requests_of_a_test_run_side_by_side(client: Client) -> None:
    def create(number: int) -> int:
        return client.post("/api/v1/items", json={"title": f"Item {number}"}).status_code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(create, range(24))) == [201] * 24
    assert client.get("/api/v1/items").json()["total"] == 24


async def test_log_goes_through_logging(caplog: pytest.LogCaptureFixture, app: FastAPI) -> None:
    with caplog.at_level(logging.INFO):
        structlog.get_logger("shop").warning("the shelf is empty")
    assert "the shelf is empty" in caplog.text


async def make_tables(application: FastAPI) -> None:
    async with (
        application.router.lifespan_context(application),
        application.state.engine.begin() as connection,
    ):
        await connection.run_sync(Base.metadata.create_all)


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[str]:
    """The extended application behind a real server, on the database of the tests."""
    asyncio.run(make_tables(create_app()))
    application = create_app()
    add_routes(application)
    config = uvicorn.Config(application, port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def token(server: str) -> str:
    """The access token of a user who is really stored."""
    account = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    httpx2.post(f"http://{server}/api/v1/auth/register", json=account).raise_for_status()
    pair = httpx2.post(f"http://{server}/api/v1/auth/login", json=account).raise_for_status()
    return str(pair.json()["access_token"])


def test_reading_goes_on_while_streams_are_open(server: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    limits = httpx2.Limits(max_connections=STREAMS + 5)
    with (
        httpx2.Client(
            base_url=f"http://{server}", headers=headers, limits=limits, timeout=10
        ) as client,
        ExitStack() as streams,
    ):
        reading = []  # A stream whose lines nobody holds is closed.
        for _ in range(STREAMS):
            stream = streams.enter_context(client.stream("GET", "/events"))
            reading.append(stream.iter_lines())
            assert next(reading[-1]).startswith("data: ")
        begun = time.monotonic()
        statuses = [client.get("/api/v1/users/me").status_code for _ in range(10)]
        created = client.post("/api/v1/items", json={"title": "Meanwhile"})
        assert time.monotonic() - begun < 4
    assert statuses == [200] * 10
    assert created.status_code == 201


def test_get_that_fails_leaves_nothing_behind(server: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx2.get(f"http://{server}/half-written", headers=headers).status_code == 500
    me = httpx2.get(f"http://{server}/api/v1/users/me", headers=headers).json()
    assert me["name"] is None


def test_websocket_knows_its_user_and_reads(server: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with open_websocket(f"ws://{server}/ws", additional_headers=headers) as websocket:
        message = json.loads(websocket.recv(timeout=5))
    assert message["user"].endswith("@example.com")


def test_websocket_without_a_token_is_refused(server: str) -> None:
    with pytest.raises(InvalidStatus) as refusal, open_websocket(f"ws://{server}/ws"):
        pass
    assert refusal.value.response.status_code in (401, 403)


def test_websocket_of_a_foreign_host_is_refused(server: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Host": "evil.example.net"}
    with (
        pytest.raises(InvalidStatus) as refusal,
        open_websocket(f"ws://{server}/ws", additional_headers=headers),
    ):
        pass
    assert 400 <= refusal.value.response.status_code < 500
