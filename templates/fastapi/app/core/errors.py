"""Errors, all of them answered as `application/problem+json` (RFC 9457)."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

# Our own table: the phrases of http.HTTPStatus differ between Python versions.
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


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
        self.status = status
        self.type = type if ":" in type else f"urn:problem:{type}"
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> ProblemResponse:
        body: dict[str, Any] = {
            "type": self.type,
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        if self.status >= 500:
            body["request_id"] = structlog.contextvars.get_contextvars().get("request_id")
        return ProblemResponse(body, self.status, self.headers)


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
    if any(detail["type"] == "json_invalid" for detail in details):
        return malformed_json().response()
    if isinstance(error.body, bytes):
        # FastAPI leaves a body unread whose content type is not JSON.
        return Problem(415, detail="Send JSON, with Content-Type: application/json.").response()
    return invalid(*(describe(detail) for detail in details)).response()


def malformed_json() -> Problem:
    return Problem(400, "malformed-json", "The body is not readable JSON.")


def describe(error: dict[str, Any]) -> dict[str, str]:
    """Name the place of an error: a JSON Pointer (RFC 6901) into the body, or the parameter."""
    source, *path = error["loc"]
    detail = error["msg"].removeprefix("Value error, ")
    if source != "body":
        return {"parameter": str(path[0]) if path else source, "detail": detail}
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": detail}


async def handle_http_exception(request: Request, error: HTTPException) -> ProblemResponse:
    """What the framework itself raises: unknown paths and methods, unreadable or huge bodies."""
    if error.status_code == 400:
        return malformed_json().response()
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(allowed_methods(request))
    return Problem(error.status_code, detail=TITLES[error.status_code], headers=headers).response()


def allowed_methods(request: Request) -> list[str]:
    """Every method of the path; the framework names only those of the first route that fits."""
    asked = {"type": "http", "path": request.url.path, "root_path": "", "headers": []}
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches(asked | {"method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def handle_integrity_error(_request: Request, error: IntegrityError) -> ProblemResponse:
    if is_unique_violation(error):
        return conflict("A value that must be unique is taken.").response()
    if error_code(error) in {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}:
        return conflict("What it refers to is gone, or something still refers to it.").response()
    raise error


def is_unique_violation(error: IntegrityError) -> bool:
    return error_code(error) in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


def error_code(error: Exception) -> str | None:
    """What PostgreSQL or SQLite calls it."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)


async def handle_database_error(_request: Request, error: Exception) -> ProblemResponse:
    """Say 503 while the database is away or busy; the pool reconnects by itself."""
    if error_code(error) == "SQLITE_ERROR":
        raise error  # a wrong statement or a missing migration, which waiting does not cure
    structlog.get_logger().error("database unavailable", error=str(getattr(error, "orig", error)))
    return Problem(503, detail="The database cannot be reached. Try again soon.").response()


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: handle_problem,
    RequestValidationError: handle_validation_error,
    HTTPException: handle_http_exception,
    IntegrityError: handle_integrity_error,
    InterfaceError: handle_database_error,
    OperationalError: handle_database_error,
    PoolTimeoutError: handle_database_error,
}
