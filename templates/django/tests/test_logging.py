"""Logs: one line for each request, with its id, and no secrets."""

import json
import logging
from contextlib import redirect_stderr
from io import StringIO

import pytest
import structlog
from django.test import Client

from apps.core.logging import configure_logging


def test_line_of_a_request(client: Client, log: StringIO) -> None:
    client.get("/nothing", headers={"X-Request-ID": "mine"})
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["request_id"] == "mine"
    assert line["level"] == "info"


@pytest.mark.parametrize("path", ["/health/live", "/health/unknown"])
def test_probes_are_logged_only_for_debugging(client: Client, log: StringIO, path: str) -> None:
    client.get(path)
    assert log.getvalue() == ""
    with redirect_stderr(log):
        configure_logging("DEBUG", "json")
    client.get(path)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["level"] for line in lines if line["event"] == "request"] == ["debug"]


def test_query_and_headers_are_not_logged(client: Client, log: StringIO) -> None:
    client.get("/nothing?token=hidden", headers={"Authorization": "Bearer hidden"})
    assert "/nothing" in log.getvalue()
    assert "hidden" not in log.getvalue()


def test_other_libraries_log_in_the_same_way(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        logging.getLogger("library").warning("lost %s", "something")
    line = json.loads(log.getvalue())
    assert line["event"] == "lost something"
    assert (line["logger"], line["request_id"]) == ("library", "mine")


def test_a_log_that_nobody_reads_stops_nothing(log: StringIO) -> None:
    log.close()
    structlog.get_logger().warning("something happened")


@pytest.mark.usefixtures("log")
def test_text_for_people() -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging("INFO", "text")
    structlog.get_logger().warning("something happened", count=3)
    assert "something happened" in stream.getvalue()
    assert "count=3" in stream.getvalue()
