"""The OpenAPI document: what is the same in it whatever the framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from .client import API
from .openapi import Document, Operation

OPERATIONS = {
    "GET /health/live": "live",
    "GET /health/ready": "ready",
    "POST /api/v1/auth/register": "register",
    "POST /api/v1/auth/login": "log_in",
    "POST /api/v1/auth/token": "log_in_with_form",
    "POST /api/v1/auth/refresh": "refresh",
    "POST /api/v1/auth/logout": "log_out",
    "GET /api/v1/auth/sessions": "list_sessions",
    "DELETE /api/v1/auth/sessions": "end_other_sessions",
    "DELETE /api/v1/auth/sessions/{id}": "end_session",
    "POST /api/v1/auth/email/resend": "resend_verification",
    "POST /api/v1/auth/email/verify": "verify_email",
    "POST /api/v1/auth/password/forgot": "forgot_password",
    "POST /api/v1/auth/password/reset": "reset_password",
    "POST /api/v1/auth/password/change": "change_password",
    "GET /api/v1/users/me": "get_me",
    "PATCH /api/v1/users/me": "update_me",
    "DELETE /api/v1/users/me": "delete_me",
    "GET /api/v1/users": "list_users",
    "GET /api/v1/users/{id}": "get_user",
    "PATCH /api/v1/users/{id}": "update_user",
}
OPERATIONS_OF_STORAGE = {
    "GET /api/v1/files": "list_files",
    "POST /api/v1/files": "upload_file",
    "GET /api/v1/files/{id}": "get_file",
    "DELETE /api/v1/files/{id}": "delete_file",
    "GET /api/v1/files/{id}/content": "get_file_content",
    "POST /api/v1/files/{id}/links": "create_file_link",
    "GET /api/v1/files/{id}/download": "download_file",
}
COMPONENTS = {"Live", "Ready", "ProblemDetails", "ProblemError"}
COMPONENTS_OF_AUTH = {
    "Register", "Login", "LoginForm", "Refresh", "EmailAddress", "EmailToken", "ResetPassword",
    "ChangePassword", "TokenPair", "SessionRead", "SessionReadPage", "UserRead", "UserForAdmin",
    "UserForAdminPage", "UserUpdate", "UserUpdateByAdmin", "Role",
}  # fmt: skip
COMPONENTS_OF_STORAGE = {"FileRead", "FileReadPage", "FileLinkCreate", "FileLink"}
COMPONENTS_OF_ITEMS = {"ItemCreate", "ItemUpdate", "ItemRead", "ItemReadPage", "ItemStatus"}


def _resource_operations(document: Document) -> Iterator[tuple[str, dict[str, str]]]:
    """The resources, each with the ids of its five operations."""
    ids = {
        f"{operation.method} {re.sub(r'{[^}]+}', '{id}', operation.path)}": operation.spec.get(
            "operationId", ""
        )
        for operation in document.operations
    }
    for resource in document.resources:
        one = f"{API}{resource}/{{id}}"
        yield (
            resource,
            {
                "list": ids[f"GET {API}{resource}"],
                "create": ids[f"POST {API}{resource}"],
                "get": ids[f"GET {one}"],
                "update": ids[f"PATCH {one}"],
                "delete": ids[f"DELETE {one}"],
            },
        )


def _schemas(document: Document) -> dict[str, Any]:
    return dict(document.content["components"]["schemas"])


def _at(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.mark.contract("document.parameters")
def test_the_parameter_of_a_path_is_its_id(document: Document) -> None:
    assert {name for path in document.paths for name in re.findall(r"{(.*?)}", path)} <= {"id"}


@pytest.mark.contract("document.operations")
def test_operations_have_the_names_of_the_contract(document: Document) -> None:
    for operation in document.operations:
        place = _at(operation)
        place = re.sub(r"{[^}]+}", "{id}", place)
        if place in OPERATIONS:
            assert operation.spec.get("operationId") == OPERATIONS[place], place


@pytest.mark.contract("document.components", "document.operations")
@pytest.mark.storage
def test_files_have_the_names_of_the_contract(document: Document) -> None:
    found = {_at(one): one.spec.get("operationId") for one in document.operations}
    assert found.items() >= OPERATIONS_OF_STORAGE.items()
    assert _schemas(document).keys() >= COMPONENTS_OF_STORAGE


@pytest.mark.contract("document.operations")
def test_operations_of_resources_are_named_after_them(document: Document) -> None:
    for resource, ids in _resource_operations(document):
        _, _, name = ids["create"].partition("create_")
        expected = {verb: f"{verb}_{name}" for verb in ids} | {"list": f"list_{resource[1:]}"}
        assert name
        assert ids == expected
        for operation in document.endpoints(resource):
            of = name if "{id}" in operation.path else resource[1:]
            word = operation.path.rpartition("/")[2].replace("-", "_")
            assert operation.spec.get("operationId") == f"{word}_{of}"


@pytest.mark.contract("document.components")
def test_schemas_have_the_names_of_the_contract(document: Document) -> None:
    wanted = COMPONENTS | (COMPONENTS_OF_AUTH if document.has_auth else set())
    if "/items" in document.resources:
        wanted |= COMPONENTS_OF_ITEMS
    assert wanted <= _schemas(document).keys()


@pytest.mark.contract("document.components")
def test_schemas_of_resources_are_named_after_them(document: Document) -> None:
    for _, ids in _resource_operations(document):
        words = ids["create"].removeprefix("create_").split("_")
        name = "".join(word.title() for word in words)
        wanted = {f"{name}{kind}" for kind in ("Create", "Update", "Read", "ReadPage")}
        assert wanted <= _schemas(document).keys()


@pytest.mark.contract("document.components")
@pytest.mark.items
def test_a_choice_is_a_schema_of_its_own(document: Document) -> None:
    for name in ("ItemCreate", "ItemUpdate", "ItemRead"):
        status = _schemas(document).get(name, {}).get("properties", {}).get("status", {})
        assert "'#/components/schemas/ItemStatus'" in str(status), name


@pytest.mark.contract("document.descriptions")
def test_every_operation_has_a_summary_and_a_description(document: Document) -> None:
    missing = [
        f"{_at(operation)}: {name}"
        for operation in document.operations
        for name in ("summary", "description")
        if not operation.spec.get(name, "").strip()
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.contract("auth.register", "document.descriptions")
@pytest.mark.auth
def test_registering_is_described_as_the_same_for_a_taken_address(document: Document) -> None:
    register = document.find("POST", f"{API}/auth/register")
    assert register is not None
    assert "202 whether or not the email address was free" in register.spec["description"]


@pytest.mark.contract("document.descriptions")
def test_every_field_has_a_description(document: Document) -> None:
    missing = [
        f"{name}.{field}"
        for name, schema in _schemas(document).items()
        for field, spec in schema.get("properties", {}).items()
        if not spec.get("description", "").strip()
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.contract("document.login")
@pytest.mark.auth
def test_the_introduction_tells_how_to_log_in(document: Document) -> None:
    introduction = document.content["info"].get("description", "")
    assert f"{API}/auth/login" in introduction
    assert "Bearer" in introduction


@pytest.mark.contract("document.login")
@pytest.mark.auth
def test_the_security_scheme_is_a_login_with_a_password(document: Document) -> None:
    [scheme] = document.content["components"]["securitySchemes"].values()
    flows = {"password": {"tokenUrl": f"{API}/auth/token", "scopes": {}}}
    assert (scheme["type"], scheme["flows"]) == ("oauth2", flows)


def _headers(document: Document, operation: Operation, status: str) -> set[str]:
    response = document.response(operation, int(status)) or {}
    return {name.lower() for name in response.get("headers", {})}


@pytest.mark.contract("document.headers")
def test_every_response_declares_its_request_id(document: Document) -> None:
    missing = [
        f"{_at(operation)} -> {status}"
        for operation in document.operations
        for status in operation.spec["responses"]
        if "x-request-id" not in _headers(document, operation, status)
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.contract("document.headers")
def test_location_etag_and_retry_after_are_declared(document: Document) -> None:
    for operation in document.operations:
        for status in operation.spec["responses"]:
            headers = _headers(document, operation, status)
            if status == "429":
                assert "retry-after" in headers, _at(operation)
            if status == "201":
                assert "location" in headers, _at(operation)
    for resource in document.resources:
        one = document.find("GET", f"{API}{resource}/x")
        assert one is not None
        assert "etag" in _headers(document, one, "200"), resource


@pytest.mark.contract("document.updates")
def test_an_update_requires_nothing_and_has_no_defaults(document: Document) -> None:
    for operation in document.operations:
        if operation.method == "PATCH" and (schema := document.body(operation)):
            assert not schema.get("required"), _at(operation)
            with_default = [n for n, spec in schema["properties"].items() if "default" in spec]
            assert not with_default, f"{_at(operation)}: {with_default}"


@pytest.mark.contract("document.updates")
@pytest.mark.items
def test_a_default_is_what_leaving_a_field_out_means(document: Document) -> None:
    fields = document.fields("/items")
    assert fields["status"].schema.get("default") == "todo"
    assert "default" not in fields["title"].schema
