"""The OpenAPI document: every status a route can answer, with its problem schema."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.core.errors import TITLES


class ProblemError(BaseModel):
    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDetails(BaseModel):
    """What every error answers, as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[ProblemError] | None = None
    request_id: str | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: what it answers besides that which every route can."""
    return {status: {"description": TITLES[status]} for status in statuses}


def describe_problems(app: FastAPI) -> None:
    """Give each declared error its schema, and each operation the errors that all of them have."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(details.pop("$defs"))
            schemas["ProblemDetails"] = details
            for path in document["paths"].values():
                for operation in path.values():
                    complete(operation)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    statuses = {400, 500, 503} | {int(status) for status in responses if int(status) >= 400}
    if "requestBody" in operation:
        statuses |= {413, 415, 422}
    if "security" in operation:
        statuses |= {401}
    for status in sorted(statuses):
        response = responses.setdefault(str(status), {})
        if "application/json" in response.get("content", {}) and status != 422:
            continue
        response["description"] = TITLES[status]
        schema = {"$ref": "#/components/schemas/ProblemDetails"}
        response["content"] = {"application/problem+json": {"schema": schema}}
