"""The OpenAPI document: every status a route can answer, with its headers and problem schema."""

from typing import Any

from fastapi import FastAPI
from pydantic import MISSING, BaseModel, Field

from app.core.config import get_settings
from app.core.errors import TITLES

DESCRIPTION = """\
In development, the first request is three commands in the folder of the project:

```
DEMO_PASSWORD=demo-passphrase uv run poe seed
TOKEN=$(curl -s localhost:8000/api/v1/auth/token -d grant_type=password \\
  -d username=demo@example.com -d password=demo-passphrase |
  grep -o '"access_token": *"[^"]*' | cut -d '"' -f 4)
curl localhost:8000/api/v1/items -H "Authorization: Bearer $TOKEN"
```

On this page, the button `Authorize` takes that email address and password. Programs send theirs to
`POST /api/v1/auth/login`, and the `access_token` of the response with every other request, as
`Authorization: Bearer <access_token>`. It is valid for some minutes; `POST /api/v1/auth/refresh`
exchanges the `refresh_token` for a new pair, once.

Every error is a problem (RFC 9457), in `application/problem+json`.
"""
LOCATION = {"Location": {"description": "Path of the new object.", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Version, for `If-Match`.", "schema": {"type": "string"}}}
REQUEST_ID = {
    "X-Request-ID": {"description": "Id of the request in the log.", "schema": {"type": "string"}}
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


class ProblemError(BaseModel):
    """One invalid value of a request."""

    pointer: str | MISSING = Field(default=MISSING, description="JSON Pointer into the body.")
    parameter: str | MISSING = Field(default=MISSING, description="Name of the parameter.")
    detail: str = Field(description="What is wrong with the value.")


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str = Field(description="What programs read: a URN, or `about:blank`.")
    title: str = Field(description="Name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str | MISSING = Field(default=MISSING, description="What went wrong, for people.")
    errors: list[ProblemError] | MISSING = Field(default=MISSING, description="All invalid values.")
    request_id: str | MISSING = Field(default=MISSING, description="Id of the request in the log.")


CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": LOCATION | ETAG}}
TAGGED: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the errors of this route beside those that every route has."""
    return {status: {"description": TITLES[status]} for status in statuses}


def describe_problems(app: FastAPI) -> None:
    """Give each declared error its schema, and each operation the errors that all of them have."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        document = app.openapi_schema
        if document is None:
            document = build()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(details.pop("$defs"))
            schemas["ProblemDetails"] = details
            describe_fields(schemas)
            login = document["components"]["securitySchemes"]["Login"]["flows"]["password"]
            login["tokenUrl"] = get_settings().root_path + login["tokenUrl"]
            for path in document["paths"].values():
                for operation in path.values():
                    complete(operation)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


# Fields of the responses that no client sends.
FIELDS = {
    "id": "UUID, version 7.",
    "created_at": "Time of creation, in UTC.",
    "updated_at": "Time of the last change, in UTC.",
}


def describe_fields(schemas: dict[str, Any]) -> None:
    """Describe enums by their values, and the fields of a response as those of the request."""
    for schema in schemas.values():
        for field, described in schema.get("properties", {}).items():
            drop_null_default(described)
            kinds = [described, *described.get("anyOf", [])]
            texts = [kind["description"] for kind in kinds if "description" in kind]
            names = [kind["$ref"].rpartition("/")[2] for kind in kinds if "$ref" in kind]
            for choices in (schemas[name].get("enum", []) for name in names):
                texts.append(f"One of {', '.join(choices)}.")
            texts += ["UUID." for kind in kinds if kind.get("format") == "uuid"]
            if field in FIELDS or texts:
                described.setdefault("description", FIELDS.get(field) or texts[0])
    for name, schema in schemas.items():
        sent = schemas.get(name.removesuffix("Read") + "Create", {}).get("properties", {})
        for field, described in schema.get("properties", {}).items():
            given = sent.get(field, {})
            if "description" in given:
                described.setdefault("description", given["description"])
            kinds = [described, *described.get("anyOf", [])]
            for kind, as_sent in zip(kinds, [given, *given.get("anyOf", [])], strict=False):
                if kind.get("type") == "string" and "format" in as_sent:
                    kind.setdefault("format", as_sent["format"])


def drop_null_default(schema: dict[str, Any]) -> None:
    """A default of null means that the field may be left out, not that null is sent."""
    if schema.get("default", ...) is None:
        del schema["default"]


def complete(operation: dict[str, Any]) -> None:
    """Declare the errors that every operation of this kind can answer, and all headers."""
    responses, parameters = operation["responses"], operation.get("parameters", [])
    statuses = {400, 500, 503} | {int(s) for s in responses if s.isdecimal() and int(s) >= 400}
    if "requestBody" in operation:
        statuses |= {413, 415, 422}
    if "security" in operation:
        statuses |= {401}
    if "requestBody" in operation or any(one["in"] == "query" for one in parameters):
        statuses |= {422}
    else:
        statuses -= {422}
        responses.pop("422", None)
    for status in sorted(statuses):
        response = responses.setdefault(str(status), {})
        if response.get("description") == "Validation Error":
            response.clear()  # FastAPI's own 422
        response.setdefault("description", TITLES.get(status, "Error"))
        # A route's own model, as that of /health/ready, stays.
        if not response.get("content"):
            problem = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
            response["content"] = {"application/problem+json": problem}
        if status == 429:
            response["headers"] = RETRY_AFTER
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter.setdefault("description", "Id of the object.")
    for response in responses.values():
        response["headers"] = response.get("headers", {}) | REQUEST_ID
