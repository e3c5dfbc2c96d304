"""Errors, all of them answered as `application/problem+json` (RFC 9457)."""

from collections.abc import Callable, Coroutine, Sequence
from http.client import responses
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import Match

log = structlog.get_logger()

# These two have other names in some versions of Python.
TITLES = responses | {413: "Content Too Large", 422: "Unprocessable Content"}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


class Problem(HTTPException):
    """Raise it anywhere in a request; `type` is what a client's program reads."""

    def __init__(
        self,
        status: int,
        type: str = "about:blank",
        detail: str = "",
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
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


async def handle_problem(_request: Request, error: Problem) -> ProblemResponse:
    return error.response()


async def handle_validation_error(
    _request: Request, error: RequestValidationError
) -> ProblemResponse:
    details = error.errors()
    if any(detail["loc"][0] == "path" for detail in details):
        return Problem(404, detail="There is nothing with this id.").response()
    if any(detail["type"] == "json_invalid" for detail in details):
        return malformed_json().response()
    if isinstance(error.body, bytes):
        # FastAPI does not parse a body whose content type is not JSON.
        return Problem(415, detail="Send JSON, with Content-Type: application/json.").response()
    return invalid(*(describe(detail) for detail in details)).response()


def malformed_json() -> Problem:
    return Problem(400, "malformed-json", "The body is not valid JSON.")


def describe(error: dict[str, Any]) -> dict[str, str]:
    """Name the place of an error: a JSON Pointer (RFC 6901) into the body, or the parameter."""
    source, *path = error["loc"]
    detail = error["msg"].removeprefix("Value error, ")
    if source != "body":
        return {"parameter": str(path[0]) if path else source, "detail": detail}
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": detail}


async def handle_http_exception(request: Request, error: HTTPException) -> Response:
    """Respond to an `HTTPException` of the framework, a library or a route."""
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(allowed_methods(request))
    if not isinstance(error.detail, str):
        # A detail with a structure of its own is what the route wants its clients to read.
        content = {"detail": error.detail}
        return JSONResponse(content, error.status_code, headers)
    return Problem(error.status_code, detail=error.detail, headers=headers).response()


def allowed_methods(request: Request) -> list[str]:
    """Every method of the path; the framework names only those of the first route that matches."""
    scope = dict(request.scope)
    methods = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches(scope | {"method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    return ["HEAD", *methods] if "GET" in methods else methods


async def handle_integrity_error(_request: Request, error: IntegrityError) -> ProblemResponse:
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


async def handle_stale_data(_request: Request, _error: StaleDataError) -> ProblemResponse:
    return conflict("It has been deleted in the meantime.").response()


async def handle_database_error(_request: Request, error: Exception) -> ProblemResponse:
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


async def handle_unexpected(request: Request, _error: Exception) -> ProblemResponse:
    """Starlette sends this, and raises the exception again for the log, Sentry and tests."""
    response = Problem(500).response()
    response.headers.update(request.scope.get("added_headers", {}))
    return response


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: handle_problem,
    RequestValidationError: handle_validation_error,
    HTTPException: handle_http_exception,
    IntegrityError: handle_integrity_error,
    StaleDataError: handle_stale_data,
    InterfaceError: handle_database_error,
    OperationalError: handle_database_error,
    PoolTimeoutError: handle_database_error,
    Exception: handle_unexpected,
}
