"""Errors, all of them answered as `application/problem+json` (RFC 9457)."""

from collections.abc import Sequence
from http.client import responses
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse

# These two have other names in some versions of Python.
TITLES = responses | {413: "Content Too Large", 422: "Unprocessable Content"}


class Problem(Exception):
    """An error to raise anywhere in a view; clients tell errors apart by `type`."""

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

    def response(self) -> JsonResponse:
        title = TITLES.get(self.status, "Error")
        body: dict[str, Any] = {"type": self.type, "title": title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        if self.status >= 500:
            body["request_id"] = structlog.contextvars.get_contextvars().get("request_id")
        headers = {"Cache-Control": "no-store"} | self.headers
        return JsonResponse(
            body, status=self.status, headers=headers, content_type="application/problem+json"
        )


def conflict(detail: str) -> Problem:
    return Problem(409, "conflict", detail)


def invalid(*errors: dict[str, str]) -> Problem:
    return Problem(422, "validation-error", "The request is not valid.", errors)


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers={"WWW-Authenticate": "Bearer"})


def bad_request(_request: HttpRequest, exception: Exception) -> JsonResponse:
    if isinstance(exception, RequestDataTooBig):
        return Problem(413, detail="The body is too large.").response()
    return Problem(400).response()


def forbidden(_request: HttpRequest, exception: Exception) -> JsonResponse:
    return Problem(403).response()


def csrf_failure(_request: HttpRequest, reason: str = "") -> JsonResponse:
    return Problem(403, detail="The form was sent by another site, or has expired.").response()


def not_found(_request: HttpRequest, exception: Exception) -> JsonResponse:
    return Problem(404, detail="There is nothing at this URL.").response()


def server_error(_request: HttpRequest) -> JsonResponse:
    return Problem(500).response()
