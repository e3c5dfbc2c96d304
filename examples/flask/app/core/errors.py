"""Errors, all of them answered as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Sequence
from http.client import responses
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, ParseException
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()

# These two have other names in some versions of Python.
TITLES = responses | {413: "Content Too Large", 422: "Unprocessable Content"}


class ProblemResponse(Response):
    default_mimetype = "application/problem+json"

    def __init__(self, body: dict[str, Any], status: int, headers: dict[str, str]) -> None:
        super().__init__(json.dumps(body), status, headers)


class Problem(Exception):
    """Raise it anywhere in a request; `type` is what a client's program reads."""

    def __init__(
        self,
        status: int,
        type: str = "about:blank",
        detail: str = "",
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, type, detail)
        self.status_code = status
        self.detail = detail
        self.headers = headers or {}
        self.type = type if ":" in type else f"urn:problem:{type}"
        self.errors = errors

    def response(self) -> ProblemResponse:
        body: dict[str, Any] = {
            "type": self.type,
            "title": TITLES.get(self.status_code, "Error"),
            "status": self.status_code,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        if self.status_code >= 500:
            body["request_id"] = structlog.contextvars.get_contextvars().get("request_id")
        return ProblemResponse(body, self.status_code, self.headers)


def not_found(what: str) -> Problem:
    return Problem(404, detail=f"There is no such {what}.")


def conflict(detail: str) -> Problem:
    return Problem(409, "conflict", detail)


def invalid(*errors: dict[str, str]) -> Problem:
    return Problem(422, "validation-error", "The request is not valid.", errors)


def init_app(app: APIFlask) -> None:
    app.error_processor(handle_api_error)
    app.register_error_handler(HTTPException, handle_http_exception)
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(IntegrityError, handle_integrity_error)
    app.register_error_handler(StaleDataError, handle_stale_data)
    for error in (InterfaceError, OperationalError, PoolTimeoutError):
        app.register_error_handler(error, handle_database_error)
    for parse_error in (ChunkMissingTerminator, InvalidChunkSize, ParseException):
        app.register_error_handler(parse_error, handle_broken_body)


def handle_http_exception(error: HTTPException) -> Response:
    """Respond to an exception of Flask or a library, or to `abort(status, "text")`."""
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    headers = dict(error.get_headers())
    del headers["Content-Type"]
    return Problem(error.code or 500, detail=error.description or "", headers=headers).response()


def handle_api_error(error: HTTPError) -> Response:
    """Respond to an exception of APIFlask: invalid input, or its own `abort`."""
    if isinstance(error.__cause__, ValidationError):
        location = next(iter(error.detail))  # its only key, such as "json" or "query"
        details = error.__cause__.errors(include_url=False, include_input=False)
        return invalid(*(describe(location, detail) for detail in details)).response()
    headers = dict(Headers(error.headers))
    response = Problem(error.status_code, detail=error.message or "", headers=headers).response()
    more = {"errors": error.detail} if error.detail else {}
    body = json.loads(response.get_data()) | more | dict(error.extra_data)
    response.set_data(json.dumps(body))
    return response


def malformed_json() -> Problem:
    return Problem(400, "malformed-json", "The body is not valid JSON.")


def describe(location: str, error: Any) -> dict[str, str]:
    """Name the place of an error: a JSON Pointer (RFC 6901) into the body, or the parameter."""
    detail = error["msg"].removeprefix("Value error, ")
    if location not in {"json", "form"}:
        return {"parameter": str(error["loc"][0]), "detail": detail}
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in error["loc"]]
    return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": detail}


def handle_integrity_error(error: IntegrityError) -> ProblemResponse:
    if is_unique_violation(error):
        return conflict("A value that must be unique is already taken.").response()
    if error_code(error) in {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}:
        return conflict("A referenced object is gone, or another one refers to this.").response()
    raise error


def is_unique_violation(error: IntegrityError) -> bool:
    return error_code(error) in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


def is_connection_failure(error: Exception) -> bool:
    """Whether the database could not be reached, or ended the connection."""
    code = error_code(error)
    return code is None or code.startswith(("08", "57P", "53300", "SQLITE_CANTOPEN"))


def error_code(error: Exception) -> str | None:
    """The SQLSTATE of PostgreSQL, or SQLite's name of the error."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)


def handle_stale_data(_error: StaleDataError) -> ProblemResponse:
    return conflict("It has been deleted in the meantime.").response()


def handle_database_error(error: Exception) -> ProblemResponse:
    """503: the client may try again later. The log has the traceback."""
    if error_code(error) == "SQLITE_ERROR":
        raise error  # a wrong statement or a missing migration, which waiting does not cure
    log.error("database error", exc_info=error)
    return Problem(503, detail=f"{database_trouble(error)} Try again soon.").response()


def database_trouble(error: Exception) -> str:
    if isinstance(error, PoolTimeoutError):
        return "There are too many requests at once."
    if is_connection_failure(error):
        return "The database cannot be reached."
    return "The database did not complete the request."


def handle_broken_body(_error: Exception) -> ProblemResponse:
    """Malformed chunks, which gunicorn notices when the body is read."""
    return Problem(400, detail="The body cannot be read.").response()
