"""What every answer of the run has to keep, and which statuses each route answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx

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
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
TYPES = {
    401: {"not-authenticated", "invalid-token", "invalid-credentials", "refresh-token-reused"},
    403: {"forbidden", "wrong-password"},
    409: {"conflict"},
    412: {"precondition-failed"},
    422: {"validation-error"},
    429: {"rate-limited"},
}
"""Status to the names its type may have; every other status is about:blank (400 is both)."""

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
STAMPS = {"created_at", "updated_at", "last_used_at"}
KEY = re.compile(r"[a-z][a-z0-9_]*")
LEAK = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|/lib/python|sqlalchemy|psycopg|sqlite3"
    r"|\bat (\S+ \()?(file:|node:|/)\S+:\d+|node_modules|mikro-orm|kysely"
    r"|\bSELECT \S+ FROM\b|\bINSERT INTO\b|\bUPDATE \w+ SET\b|<html|<!doctype",
    re.IGNORECASE,
)

Complaint = tuple[str, str]
"""A sentence of the contract, and how an answer breaks it."""


def complaints(response: httpx.Response) -> Iterator[Complaint]:
    """Everything that any answer, whatever its request, has to keep."""
    yield from _headers(response)
    path = response.request.url.path
    if response.status_code in (202, 204):
        if response.content:
            yield "conventions.empty", f"a {response.status_code} has a body"
    elif response.status_code >= 500 and response.status_code != 503:
        yield "input.never-5xx", f"status {response.status_code}"
    if path == "/health/ready" and response.status_code == 503:
        return  # It says which check failed, in its own shape.
    if response.status_code >= 400:
        yield from _problem(response)
    elif (
        path.startswith("/api/")
        and response.content
        and response.request.method != "OPTIONS"
        and "content-disposition" not in response.headers
    ):
        yield from _success(response)


def _headers(response: httpx.Response) -> Iterator[Complaint]:
    headers = response.headers
    asked = response.request.headers.get("x-request-id")
    given = headers.get("x-request-id", "")
    if not SANE_ID.fullmatch(given):
        yield "request-id.returned", f"X-Request-ID is {given!r}"
    elif asked is not None and SANE_ID.fullmatch(asked) and given != asked:
        yield "request-id.accepted", f"{asked!r} came back as {given!r}"
    wanted = {"x-content-type-options": "nosniff", "x-frame-options": "DENY"}
    for name, value in wanted.items():
        if headers.get(name) != value:
            yield "headers.security", f"{name} is {headers.get(name)!r}"
    for name in ("referrer-policy", "content-security-policy"):
        if not headers.get(name):
            yield "headers.security", f"{name} is missing"
    is_cacheable = "/auth/" in response.request.url.path and response.request.method != "OPTIONS"
    if is_cacheable and "no-store" not in headers.get("cache-control", ""):
        yield "headers.no-store", f"cache-control is {headers.get('cache-control')!r}"


def _problem(response: httpx.Response) -> Iterator[Complaint]:
    status = response.status_code
    if response.request.method != "HEAD":
        media_type = response.headers.get("content-type", "").partition(";")[0]
        problem = _json(response)
        if media_type != "application/problem+json" or not isinstance(problem, dict):
            yield "errors.problem", f"{media_type!r}: {response.text[:200]!r}"
            return
        yield from _problem_members(status, problem)
        if status >= 500 and response.headers.get("x-request-id", "?") not in response.text:
            yield "request-id.in-5xx", f"the id is not in {response.text[:200]!r}"
    challenge = response.headers.get("www-authenticate", "")
    if status == 401 and not challenge.startswith("Bearer"):
        yield "errors.not-authenticated", f"WWW-Authenticate is {challenge!r}"
    if status == 405 and not response.headers.get("allow"):
        yield "errors.method", "a 405 without Allow"
    if status == 429 and not response.headers.get("retry-after", "").isdigit():
        yield "errors.rate-limited", f"Retry-After is {response.headers.get('retry-after')!r}"


def _problem_members(status: int, problem: dict[str, Any]) -> Iterator[Complaint]:
    if problem.get("status") != status or not isinstance(problem.get("detail", ""), str):
        yield "errors.problem", f"status {status} and problem {problem}"
    if status in TITLES and problem.get("title") != TITLES[status]:
        yield "errors.titles", f"the title of a {status} is {problem.get('title')!r}"
    blank = {"about:blank"} if status not in TYPES else set()
    named = TYPES.get(status, {"malformed-json", "invalid-token"} if status == 400 else set())
    if problem.get("type") not in blank | {f"urn:problem:{name}" for name in named}:
        yield "errors.problem", f"the type of a {status} is {problem.get('type')!r}"
    if status == 422:
        places = problem.get("errors")
        if not isinstance(places, list) or not places or not all(map(_is_place, places)):
            yield "errors.validation", f"errors is {places!r}"
    if leak := LEAK.search(str(problem)):
        yield "errors.no-leaks", f"{leak.group()!r} in {problem}"


def _is_place(place: object) -> bool:
    if not isinstance(place, dict) or not isinstance(place.get("detail"), str):
        return False
    pointer, parameter = place.get("pointer"), place.get("parameter")
    if isinstance(pointer, str):
        return parameter is None and (pointer == "#" or pointer.startswith("#/"))
    return isinstance(parameter, str)


def _success(response: httpx.Response) -> Iterator[Complaint]:
    media_type, _, parameters = response.headers.get("content-type", "").partition(";")
    if media_type != "application/json" or parameters.strip().lower() not in ("", "charset=utf-8"):
        yield "conventions.json", f"content-type is {response.headers.get('content-type')!r}"
        return
    for key, value in _members(_json(response)):
        if not KEY.fullmatch(key):
            yield "conventions.snake-case", f"the key {key!r}"
        if key == "id" and not UUID7.fullmatch(str(value)):
            yield "conventions.ids", f"the id {value!r}"
        if key in STAMPS and value is not None and not TIME.fullmatch(str(value)):
            yield "conventions.times", f"{key} is {value!r}"


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """The members that the contract names; what is inside a JSON field is its owner's."""
    if isinstance(value, dict):
        yield from value.items()
        rows = value["items"] if {"items", "total"} <= value.keys() else [value.get("checks")]
        for row in rows:
            yield from _members(row)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


class Record:
    """The answers of a whole run: which statuses, and what each of them broke."""

    def __init__(self) -> None:
        self.statuses: set[tuple[str, str, int]] = set()
        self.broken: dict[str, list[str]] = defaultdict(list)

    def watch(self, response: httpx.Response) -> None:
        request = response.request
        self.statuses.add((request.method, request.url.path, response.status_code))
        for sentence, how in complaints(response):
            self.broken[sentence].append(
                f"{request.method} {request.url.raw_path.decode('ascii', 'replace')[:200]}"
                f" -> {response.status_code}: {how}"
            )
