"""What tests say about answers."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx


def expect_problem(
    answer: httpx.Response,
    status: int,
    kind: str | None = None,
    *,
    pointer: str | None = None,
    parameter: str | None = None,
) -> dict[str, Any]:
    """The answer is that problem, and names that place."""
    said = f"{answer.status_code} {answer.text[:500]}"
    assert answer.status_code == status, said
    assert answer.headers["content-type"].partition(";")[0] == "application/problem+json", said
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == (f"urn:problem:{kind}" if kind else "about:blank"), said
    places = problem.get("errors", [])
    if pointer is not None:
        assert pointer in [place.get("pointer") for place in places], said
    if parameter is not None:
        assert parameter in [place.get("parameter") for place in places], said
    return problem


def expect_invalid(
    answer: httpx.Response, pointer: str | None = None, *, parameter: str | None = None
) -> dict[str, Any]:
    return expect_problem(answer, 422, "validation-error", pointer=pointer, parameter=parameter)


def without_trace(answer: httpx.Response) -> dict[str, Any]:
    """The body of an answer, but for the id of its trace, which no two have in common."""
    return {name: value for name, value in answer.json().items() if name != "trace_id"}
