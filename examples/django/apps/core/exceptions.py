"""Turns the exceptions of views into problems."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.db.models import RestrictedError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from apps.core import database
from apps.core.errors import Problem, conflict, invalid, unauthorized

log = structlog.get_logger()


def handle_exception(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """Answer an exception of a view, or return None, so that Django logs and answers a 500."""
    if isinstance(error, exceptions.UnsupportedMediaType):
        media_type = context["view"].parser_classes[0].media_type
        error = Problem(415, detail=f"Send a body with Content-Type: {media_type}.")
    problem = to_problem(error)
    if problem is None or problem.status == 500:
        return None
    if problem.status > 500:
        log.error("request failed", exc_info=error)
    set_rollback()
    return problem.response()


def to_problem(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return invalid(*flatten(error.detail))
        case exceptions.ParseError():
            return Problem(400, "malformed-json", "The body is not valid JSON.")
        case exceptions.NotAuthenticated():
            return unauthorized("not-authenticated", "Send an access token.")
        case exceptions.AuthenticationFailed():
            return unauthorized("invalid-token", str(error.detail))
        case exceptions.PermissionDenied():
            return Problem(403, "forbidden", str(error.detail))
        case PermissionDenied():
            return to_problem(exceptions.PermissionDenied(*error.args))
        case Http404():
            return Problem(404, detail="No such resource.")
        case exceptions.Throttled():
            headers = {"Retry-After": str(getattr(error, "wait", None) or 1)}
            return Problem(429, "rate-limited", str(error.detail), headers=headers)
        case exceptions.APIException():
            return Problem(error.status_code, detail=str(error.detail))
        case DatabaseError() | InterfaceError():
            return database_problem(error)
        case _:
            return None


def flatten(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Name the place of each error by a JSON Pointer into the body (RFC 6901)."""
    match detail:
        case {"non_field_errors": errors}:
            yield from flatten(errors, pointer)
        case dict():
            for name, errors in detail.items():
                step = str(name).replace("~", "~0").replace("/", "~1")
                yield from flatten(errors, f"{pointer}/{step}")
        case list():
            for error in detail:
                yield from flatten(error, pointer)
        case _:
            yield {"pointer": pointer, "detail": str(detail)}


def database_problem(error: Exception) -> Problem | None:
    """409 for a violated constraint, 503 for what may work later; all else is an error of ours."""
    code = database.error_code(error)
    if database.is_unique_violation(error):
        return conflict("A value that must be unique is already in use.")
    if isinstance(error, RestrictedError) or code in database.FOREIGN_KEY:
        return conflict("Something refers to it, or it refers to something that no longer exists.")
    if database.is_connection_failure(error):
        return Problem(503, detail="The database cannot be reached. Try again soon.")
    if code in database.TRANSIENT:
        return Problem(503, detail=f"{database.TRANSIENT[code]} Try again soon.")
    return None
