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


def test_request_is_logged(app: FastAPI, log: StringIO) -> None:
    connect(app).get("/nothing", headers={"X-Request-ID": "mine"})
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["request_id"] == "mine"
    assert line["level"] == "info"


def test_health_checks_are_not_logged(app: FastAPI, log: StringIO) -> None:
    connect(app).get("/health/live")
    assert log.getvalue() == ""


def test_health_checks_are_logged_for_debugging(
    app: FastAPI, settings: Settings, log: StringIO
) -> None:
    with redirect_stderr(log):
        configure_logging(settings.model_copy(update={"log_format": "json", "log_level": "DEBUG"}))
    connect(app).get("/health/live")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["level"] for line in lines if line["event"] == "request"] == ["debug"]


def test_query_and_headers_are_not_logged(app: FastAPI, log: StringIO) -> None:
    connect(app).get("/nothing?token=hidden", headers={"Authorization": "Bearer hidden"})
    assert "/nothing" in log.getvalue()
    assert "hidden" not in log.getvalue()


def test_libraries_log_in_the_same_format(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        logging.getLogger("library").warning("lost %s", "something")
    line = json.loads(log.getvalue())
    assert line["event"] == "lost something"
    assert (line["logger"], line["request_id"]) == ("library", "mine")


@pytest.mark.usefixtures("running_app")
def test_logging_sees_the_records_of_structlog(caplog: pytest.LogCaptureFixture) -> None:
    structlog.get_logger("shop").warning("sold out", item=3)
    (record,) = [record for record in caplog.records if record.name == "shop"]
    assert record.levelname == "WARNING"


def test_text_format(settings: Settings) -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging(settings)
        structlog.get_logger().warning("something happened", count=3)
    configure_logging(settings)
    assert "something happened" in stream.getvalue()
    assert "count=3" in stream.getvalue()
