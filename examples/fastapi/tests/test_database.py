"""The database: ids, connections and errors."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from app.core.config import Settings
from app.core.database import DB, connect, create_engine, uuid7
from tests import helpers


def test_ids_are_ordered_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for milliseconds in (1, 2, 1_800_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda now=milliseconds: now * 1_000_000)
        ids.append(uuid7())
    assert ids == sorted(ids)
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}


async def test_reads_do_not_wait_for_writes(settings: Settings) -> None:
    engine = create_engine(settings)
    reader = engine.execution_options(sqlite_reader=True)
    async with engine.begin() as writing, reader.begin() as reading:
        await writing.execute(select(1))
        assert await reading.scalar(select(1)) == 1
    await engine.dispose()


def test_open_streams_hold_no_connection(
    make_app: Callable[[], FastAPI], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "database_pool_size", 1)
    app, are_open, may_end = make_app(), Barrier(3), Event()

    def wait() -> Iterator[bytes]:
        are_open.wait(timeout=10)
        may_end.wait(timeout=10)
        yield b""

    @app.get("/stream")
    async def stream(db: DB) -> StreamingResponse:
        await db.execute(select(1))
        return StreamingResponse(wait())

    client = helpers.connect(app)
    with ThreadPoolExecutor() as threads:
        streams = [threads.submit(client.get, "/stream") for _ in range(2)]
        are_open.wait(timeout=10)
        assert client.get("/health/ready").status_code == 200
        may_end.set()
    assert [stream.result().status_code for stream in streams] == [200, 200]


async def test_errors_do_not_show_values(settings: Settings, tmp_path: Path) -> None:
    empty = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/empty.db"})
    async with connect(empty) as db:
        with pytest.raises(OperationalError) as caught:
            await db.execute(text("SELECT :value FROM nothing"), {"value": "hunter2"})
    assert "hunter2" not in str(caught.value)
