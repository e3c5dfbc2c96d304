"""The OpenAPI document: every status a route can answer, with its headers and problem schema."""

import json
import re
from typing import Any

from apiflask import APIFlask
from flask import Blueprint
from pydantic import MISSING, BaseModel, Field
from pydantic.json_schema import models_json_schema

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


# The page at /docs works without the internet: a package brings the scripts.
swagger_ui = Blueprint(
    "swagger_ui", "flask_swagger_ui", static_folder="dist", static_url_path="/docs"
)


def init_app(app: APIFlask) -> None:
    """Set up the document; all routes must have been registered."""
    app.config.update(
        DESCRIPTION=DESCRIPTION,
        OPENAPI_VERSION="3.1.0",
        AUTO_OPERATION_ID=True,
        SUCCESS_DESCRIPTION="Successful Response",
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        # Relative URLs, which a path prefix does not change.
        SWAGGER_UI_CSS="docs/swagger-ui.css",
        SWAGGER_UI_BUNDLE_JS="docs/swagger-ui-bundle.js",
        SWAGGER_UI_STANDALONE_PRESET_JS="docs/swagger-ui-standalone-preset.js",
        DOCS_FAVICON="docs/favicon-32x32.png",
    )
    if get_settings().docs_enabled:
        app.register_blueprint(swagger_ui)
    for endpoint, view in app.view_functions.items():
        if hasattr(view, "_spec"):
            name = endpoint.rpartition(".")[2]
            view._spec["operation_id"] = view._spec.get("operation_id") or name

    @app.spec_processor
    def finish(document: Any) -> Any:
        # APIFlask names nested schemas after both, such as ItemCreate.ItemStatus.
        document = json.loads(re.sub(r"(#/components/schemas/)\w+\.", r"\1", json.dumps(document)))
        document["components"]["schemas"] = component_schemas(app)
        document.pop("tags", None)
        if root_path := get_settings().root_path:
            document["servers"] = [{"url": root_path}]
        for path in document["paths"].values():
            for operation in path.values():
                describe_operation(operation)
                complete(operation)
        return document


def component_schemas(app: APIFlask) -> dict[str, Any]:
    """The schemas of all bodies; APIFlask describes responses as if they were requests."""
    models: list[Any] = [(ProblemDetails, "validation")]
    for view in app.view_functions.values():
        spec = getattr(view, "_spec", {})
        for model, mode in (
            (spec.get("body"), "validation"),
            (spec.get("response", {}).get("schema"), "serialization"),
        ):
            if isinstance(model, type) and issubclass(model, BaseModel):
                models.append((model, mode))
    template = "#/components/schemas/{model}"
    _, document = models_json_schema(list(dict.fromkeys(models)), ref_template=template)
    schemas: dict[str, Any] = document["$defs"]
    describe_fields(schemas)
    return schemas


# APIFlask writes the names of headers in lower case.
HEADERS = {"if-match": "If-Match"}


def describe_operation(operation: dict[str, Any]) -> None:
    """The docstring is the description, and the name of the function the summary."""
    text = f"{operation['summary']}\n{operation.get('description', '')}"
    operation["description"] = text.strip()
    operation["summary"] = operation["operationId"].replace("_", " ").title()
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for scheme in operation.get("security", []):
        for name in scheme:
            scheme[name] = []  # APIFlask lists roles, which OpenAPI has no place for
    if not operation["parameters"]:
        del operation["parameters"]
    for parameter in operation.get("parameters", []):
        parameter["name"] = HEADERS.get(parameter["name"], parameter["name"])
        schema = parameter["schema"]
        drop_null_default(schema)
        if parameter["in"] == "path":
            schema |= {"type": "string", "format": "uuid"}
        elif "description" in schema:
            parameter["description"] = schema["description"]
    for response in operation["responses"].values():
        if response.get("content") == {"application/json": {"schema": {}}}:
            del response["content"]


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
    for status in sorted(statuses):
        response = responses.setdefault(str(status), {})
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
