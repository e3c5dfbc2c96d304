"""The OpenAPI document describes all requests and responses, errors included."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Client

from app.core.config import Settings
from tests.helpers import UNKNOWN, connect, problem

PUBLIC = {
    "/health/live",
    "/health/ready",
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/api/v1/auth/token",
    "/api/v1/auth/refresh",
    "/api/v1/auth/email/resend",
    "/api/v1/auth/email/verify",
    "/api/v1/auth/password/forgot",
    "/api/v1/auth/password/reset",
    # Public paths of your own go below this line.
}
PROBLEM = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}


@pytest.fixture(scope="module")
def document(running_app: FastAPI) -> dict[str, Any]:
    document: dict[str, Any] = connect(running_app).get("/openapi.json").json()
    return document


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations of the API itself; a failing health check answers no problem."""
    paths = [item for path, item in document["paths"].items() if path.startswith("/api/")]
    return [operation for item in paths for operation in item.values()]


def test_errors_are_problems(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        for status, response in operation["responses"].items():
            is_problem = response.get("content") == {"application/problem+json": PROBLEM}
            assert is_problem == (status >= "400"), (operation["operationId"], status)


def test_common_errors_are_documented(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        expected = {"400", "500", "503"}
        if "requestBody" in operation:
            expected |= {"413", "415", "422"}
        if "security" in operation:
            expected |= {"401"}
        assert operation["responses"].keys() >= expected, operation["operationId"]


def test_errors_of_one_operation_are_documented(document: dict[str, Any]) -> None:
    path = document["paths"]["/api/v1/items/{id}"]
    assert path["patch"]["responses"].keys() >= {"200", "404", "412", "422"}
    assert path["delete"]["responses"].keys() >= {"204", "404", "412"}


def test_every_referenced_schema_exists(document: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert names <= document["components"]["schemas"].keys()


def test_operation_ids_are_unique(operations: list[dict[str, Any]]) -> None:
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_private_routes_require_a_token(anonymous: Client, document: dict[str, Any]) -> None:
    for path in document["paths"].keys() - PUBLIC:
        for method in document["paths"][path]:
            url = re.sub(r"{\w+}", UNKNOWN, path)
            response = anonymous.request(method, url, json={})
            assert problem(response) == (401, "not-authenticated"), (method, path)
            assert response.headers["WWW-Authenticate"] == "Bearer"


def test_own_declarations_of_a_route_are_kept(make_app: Callable[[], FastAPI]) -> None:
    app = make_app()
    app.description = "Sells things."

    @app.get("/own", responses={410: {"description": "Sold out"}, "4XX": {"description": "No"}})
    def own() -> None:
        pass

    document = app.openapi()
    assert document["info"]["description"] == "Sells things."
    responses = document["paths"]["/own"]["get"]["responses"]
    assert responses["410"]["description"] == "Sold out"
    assert responses["4XX"]["description"] == "No"


def test_docs(client: Client) -> None:
    assert client.get("/openapi.json").json()["openapi"].startswith("3.")
    response = client.get("/docs")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" in response.headers["Content-Security-Policy"]


def test_docs_load_nothing_from_elsewhere(client: Client) -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', client.get("/docs").text)
    assert links
    assert {client.get(f"/{link}").status_code for link in links} == {200}


@pytest.mark.parametrize("path", ["/docs", "/docs/swagger-ui.css", "/openapi.json"])
def test_docs_turned_off(
    make_app: Callable[[], FastAPI],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    monkeypatch.setattr(settings, "docs", False)
    assert problem(connect(make_app()).get(path)) == (404, "about:blank")
