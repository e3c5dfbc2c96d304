"""Logs: one line for each request, with its id and no secrets, by way of `logging`."""

import json
import logging
from io import StringIO

import pytest
import structlog
from django.test import Client

from apps.core.logging import formatter


def test_request_is_logged(client: Client, log: StringIO) -> None:
    client.get("/nothing", headers={"X-Request-ID": "mine"})
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["request_id"] == "mine"
    assert line["level"] == "info"


@pytest.mark.parametrize("path", ["/health/live", "/health/unknown"])
def test_health_checks_are_logged_at_debug_level(client: Client, log: StringIO, path: str) -> None:
    client.get(path)
    assert log.getvalue() == ""
    logging.getLogger().setLevel("DEBUG")
    client.get(path)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["level"] for line in lines if line["event"] == "request"] == ["debug"]


def test_query_and_headers_are_not_logged(client: Client, log: StringIO) -> None:
    client.get("/nothing?token=hidden", headers={"Authorization": "Bearer hidden"})
    assert "/nothing" in log.getvalue()
    assert "hidden" not in log.getvalue()


def test_other_libraries_log_in_the_same_format(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        logging.getLogger("library").warning("lost %s", "something", extra={"count": 3})
    line = json.loads(log.getvalue())
    assert (line["event"], line["count"]) == ("lost something", 3)
    assert (line["logger"], line["request_id"]) == ("library", "mine")


def test_every_handler_of_logging_sees_events(caplog: pytest.LogCaptureFixture) -> None:
    structlog.get_logger("shop").warning("something happened", count=3)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("shop", "WARNING")
    assert "something happened" in record.getMessage()


def test_every_handler_of_logging_sees_exceptions(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise LookupError("nothing there")
    except LookupError:
        structlog.get_logger("shop").exception("it failed")
    (record,) = caplog.records
    assert record.exc_info
    assert record.exc_info[0] is LookupError


def test_text_format() -> None:
    record = logging.LogRecord("shop", logging.WARNING, "", 1, "something %s", ("lost",), None)
    line = formatter("text").format(record)
    assert "something lost" in line
    assert not line.startswith("{")
