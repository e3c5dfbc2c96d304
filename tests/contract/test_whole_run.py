"""Looking back on every answer of the run."""

from __future__ import annotations

import pytest

from .client import Client
from .openapi import Document, Operation
from .record import Record

pytestmark = pytest.mark.at_the_end

EVERY_ANSWER = [
    "conventions.empty",
    "conventions.ids",
    "conventions.json",
    "conventions.snake-case",
    "conventions.times",
    "errors.method",
    "errors.no-leaks",
    "errors.not-authenticated",
    "errors.problem",
    "errors.rate-limited",
    "errors.titles",
    "errors.validation",
    "headers.no-store",
    "headers.security",
    "input.never-5xx",
    "request-id.accepted",
    "request-id.in-5xx",
    "request-id.returned",
]


@pytest.fixture(scope="module", autouse=True)
def _some_answers(me: Client, document: Document) -> None:
    """Answers of several kinds, for when this module runs alone."""
    for resource in document.resources:
        for query in ("", "?size=1", "?size=0", "?sort=nonsense"):
            me.get(f"{resource}{query}")
        me.post(resource, {})
        me.request("PUT", resource)
    me.clone(token="x").get("/users/me")
    me.get("/no-such-path")


@pytest.mark.parametrize(
    "sentence", [pytest.param(name, marks=pytest.mark.contract(name)) for name in EVERY_ANSWER]
)
def test_every_answer_of_the_run_keeps(record: Record, sentence: str) -> None:
    broken = record.broken[sentence]
    assert not broken, f"{len(broken)} answers, such as:\n" + "\n".join(sorted(set(broken))[:10])


@pytest.mark.contract("errors.declared")
def test_every_status_of_the_run_is_declared(record: Record, document: Document) -> None:
    undeclared = set()
    for method, path, status in record.statuses:
        operation = document.find(method, path)
        if operation and document.response(operation, status) is None:
            undeclared.add(f"{method} {operation.path} -> {status}")
    assert not undeclared, "\n".join(sorted(undeclared))


@pytest.mark.contract("errors.declared")
def test_every_declared_error_has_the_problem_schema(document: Document) -> None:
    wrong = [
        f"{operation.method} {operation.path} -> {status}"
        for operation in document.operations
        for status in operation.spec["responses"]
        if status[:1] in "45" and not _is_problem(document, operation, status)
    ]
    assert not wrong, "\n".join(wrong)


def _is_problem(document: Document, operation: Operation, status: str) -> bool:
    if operation.path == "/health/ready":
        return True  # It says which check failed, in its own shape.
    response = document.response(operation, int(status)) or {}
    media = response.get("content", {}).get("application/problem+json", {})
    properties = document.resolve(media.get("schema", {})).get("properties", {})
    return {"type", "title", "status", "detail"} <= set(properties)
