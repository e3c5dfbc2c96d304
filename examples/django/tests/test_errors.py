"""Every error is answered as a problem (RFC 9457)."""

import sys
from io import BytesIO, StringIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import psycopg
import pytest
from django.core.signals import got_request_exception
from django.db import DataError, OperationalError, connection
from django.urls import resolve
from pytest_django import Settings
from rest_framework.exceptions import APIException
from rest_framework.test import APIClient

from config.wsgi import application
from tests.helpers import connect, database_away, invalid, problem

URL = "/api/v1/items"
JSON = "application/json"


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", f"{URL}/", "/api/v2/nothing.php"])
def test_unknown_path(api: APIClient, path: str) -> None:
    assert problem(api.get(path)) == (404, "about:blank")


def test_unknown_method(api: APIClient) -> None:
    response = api.put(URL)
    assert problem(response) == (405, "about:blank")
    assert response.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "body", [b"{", b'{"a": 1,}', b"\xff", b"'a'", b"NaN", b"[Infinity]", b"-Infinity"]
)
def test_malformed_json(api: APIClient, body: bytes) -> None:
    response = api.post(URL, body, content_type=JSON)
    assert problem(response) == (400, "malformed-json")


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"null", b'"text"'])
def test_body_is_not_an_object(api: APIClient, body: bytes) -> None:
    assert invalid(api.post(URL, body, content_type=JSON)) == {"#"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_body_is_not_json(api: APIClient, media_type: str) -> None:
    response = api.post(URL, b"{}", content_type=media_type)
    assert problem(response) == (415, "about:blank")


def test_body_is_too_large(api: APIClient, settings: Settings) -> None:
    response = api.post(URL, b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), content_type=JSON)
    assert problem(response) == (413, "about:blank")


def test_largest_body_is_read(api: APIClient, settings: Settings) -> None:
    body = b"{}" + b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 2)
    assert api.post(URL, body, content_type=JSON).status_code in {201, 422}


@pytest.mark.django_db
def test_body_in_chunks_turns_out_too_large(settings: Settings) -> None:
    environ = {
        "PATH_INFO": "/api/v1/auth/login",
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": JSON,
        "HTTP_HOST": "localhost",
        "wsgi.input": BytesIO(b" " * 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        "wsgi.input_terminated": True,
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    application(environ, lambda status, _headers: statuses.append(status))
    assert [status.split()[0] for status in statuses] == ["413"]


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make every request for the list raise the error."""

    def fail(_view: object) -> None:
        raise error

    view: Any = resolve(URL).func
    monkeypatch.setattr(view.cls, "get_queryset", fail)


def test_unexpected_error_is_logged_and_not_shown(
    api: APIClient, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, RuntimeError("a reason to keep quiet about"))
    api.raise_request_exception = False
    response = api.get(URL, headers={"X-Request-ID": "failing"})
    assert problem(response) == (500, "about:blank")
    assert response.json()["request_id"] == "failing"
    assert b"reason" not in response.content
    (line,) = [line for line in log.getvalue().splitlines() if "a reason" in line]
    assert '"request_id": "failing"' in line


@pytest.mark.parametrize("error", [RuntimeError(), DataError(), APIException()])
def test_every_500_is_signalled(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    seen: list[object] = []

    def see(**_: Any) -> None:
        seen.append(sys.exc_info()[1])

    fail_with(monkeypatch, error)
    got_request_exception.connect(see)
    api.raise_request_exception = False
    assert problem(api.get(URL)) == (500, "about:blank")
    assert seen == [error]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (psycopg.errors.QueryCanceled(), "too long"),
        (psycopg.errors.DeadlockDetected(), "deadlock"),
        (psycopg.errors.AdminShutdown(), "cannot be reached"),
        (psycopg.OperationalError("connection refused"), "cannot be reached"),
    ],
)
def test_503_says_what_happened_and_is_logged_with_its_traceback(
    api: APIClient,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
    cause: Exception,
    words: str,
) -> None:
    fail_with(monkeypatch, caused(OperationalError("SELECT it"), cause))
    response = api.get(URL)
    assert problem(response) == (503, "about:blank")
    assert words in response.json()["detail"]
    assert "Traceback" in log.getvalue()
    assert "SELECT it" in log.getvalue()


def test_full_disk_is_an_unexpected_error(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, caused(OperationalError(), psycopg.errors.DiskFull()))
    api.raise_request_exception = False
    assert problem(api.get(URL)) == (500, "about:blank")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
def test_statement_that_takes_too_long_is_given_up(
    transactional_db: None, settings: Settings
) -> None:
    with connection.cursor() as cursor:
        settings.DATABASE_TIMEOUT_SECONDS = 0.2
        with pytest.raises(OperationalError, match="no answer"):
            cursor.execute("SELECT pg_sleep(10)")
        settings.DATABASE_TIMEOUT_SECONDS = 30
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_database_is_unavailable() -> None:
    with database_away():
        body = {"email": "ann@example.com", "password": "violet-otter-juggles"}
        response = connect().post("/api/v1/auth/login", body)
    assert problem(response) == (503, "about:blank")
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
