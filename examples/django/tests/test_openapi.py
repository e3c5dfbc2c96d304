"""The OpenAPI document describes every request and response, including errors."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from tests.helpers import load_urls_again, problem

PROBLEM = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = Client().get("/openapi.json").json()
    return read


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations below /api; a failing health check does not answer with a problem."""
    paths = [item for path, item in document["paths"].items() if path.startswith("/api/")]
    return [operation for item in paths for operation in item.values()]


def test_document_is_valid_and_made_without_warnings(tmp_path: Path) -> None:
    file = str(tmp_path / "openapi.yaml")
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", file)


def test_errors_are_problems(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        for status, response in operation["responses"].items():
            is_problem = response.get("content") == {"application/problem+json": PROBLEM}
            assert is_problem == (status >= "400"), (operation["operationId"], status)


def test_errors_of_one_operation_are_documented(document: dict[str, Any]) -> None:
    path = document["paths"]["/api/v1/items/{id}"]
    assert path["patch"]["responses"].keys() >= {"200", "404", "412", "422"}
    assert path["delete"]["responses"].keys() >= {"204", "404", "412"}


def test_role_check_is_declared_where_it_is_made(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert "403" in paths["/api/v1/users"]["get"]["responses"]
    assert "403" not in paths["/api/v1/auth/sessions"]["get"]["responses"]


def test_every_referenced_schema_exists(document: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert names <= document["components"]["schemas"].keys()


def test_docs(client: Client) -> None:
    assert client.get("/openapi.json").json()["openapi"].startswith("3.")
    response = client.get("/docs")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" in response.headers["Content-Security-Policy"]


def test_docs_load_nothing_from_elsewhere(client: Client) -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', client.get("/docs").content.decode())
    assert links
    responses = [client.get(unescape(link)) for link in links]
    assert all(response.getvalue() for response in responses)
    assert {response.status_code for response in responses} == {200}


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_docs_can_only_be_read(path: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert problem(response) == (405, "about:blank")
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_docs_turned_off(client: Client, settings: Settings, path: str) -> None:
    settings.DOCS = False
    load_urls_again(settings)
    assert problem(client.get(path)) == (404, "about:blank")
