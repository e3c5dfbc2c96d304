"""Logging: one line for each request, with its id and without its query."""

import json
import logging
from contextlib import redirect_stderr
from io import StringIO

import pytest
import structlog
from fastapi import FastAPI

from app.core.config import Settings
from app.core.logging import configure_logging
from tests.helpers import connect


def requests(log: StringIO) -> list[str]:
    """The lines of requests, without those of the test's own client."""
    return [line for line in log.getvalue().splitlines() if '"event": "request"' in line]


async def test_line_of_a_request(app: FastAPI, log: StringIO) -> None:
    async with connect(app) as client:
        await client.get("/nothing", headers={"X-Request-ID": "mine"})
    (line,) = [line for line in map(json.loads, log.getvalue().splitlines()) if "ms" in line]
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["request_id"] == "mine"
    assert line["level"] == "info"


async def test_health_checks_are_not_logged(app: FastAPI, log: StringIO) -> None:
    async with connect(app) as client:
        await client.get("/health/live")
    assert "/health/live" not in "".join(requests(log))


async def test_health_checks_are_logged_for_debugging(
    app: FastAPI, settings: Settings, log: StringIO
) -> None:
    with redirect_stderr(log):
        configure_logging(settings.model_copy(update={"log_format": "json", "log_level": "DEBUG"}))
    async with connect(app) as client:
        await client.get("/health/live")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["level"] for line in lines if line["event"] == "request"] == ["debug"]


async def test_query_and_headers_are_not_logged(app: FastAPI, log: StringIO) -> None:
    async with connect(app) as client:
        await client.get("/nothing?token=hidden", headers={"Authorization": "Bearer hidden"})
    (line,) = requests(log)
    assert "/nothing" in line
    assert "hidden" not in line


def test_libraries_log_in_the_same_format(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        logging.getLogger("library").warning("lost %s", "something")
    line = json.loads(log.getvalue())
    assert line["event"] == "lost something"
    assert (line["logger"], line["request_id"]) == ("library", "mine")


def test_logging_sees_the_records_of_structlog(caplog: pytest.LogCaptureFixture) -> None:
    structlog.get_logger("shop").warning("sold out", item=3)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("shop", "WARNING")


def test_closed_log_stops_nothing(log: StringIO) -> None:
    log.close()
    structlog.get_logger().warning("something happened")


def test_text_for_people(settings: Settings) -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging(settings)
        structlog.get_logger().warning("something happened", count=3)
    configure_logging(settings)
    assert "something happened" in stream.getvalue()
    assert "count=3" in stream.getvalue()
