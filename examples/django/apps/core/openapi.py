"""The OpenAPI document: names, descriptions, headers, and every error of a route."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import PROTECT, RESTRICT
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated

from apps.core.errors import TITLES
from apps.core.pagination import ListQuery

Handler = TypeVar("Handler", bound=Callable[..., Any])
OPEN_TO_USERS = {AllowAny, IsAuthenticated}

DESCRIPTIONS = {
    "id": "Id of the object.",
    "created_at": "When the object was created.",
    "updated_at": "When the object was last changed.",
}
VERBS = {"destroy": "delete", "partial_update": "update", "retrieve": "get"}
INPUT_ONLY = {"readOnly", "minLength", "maxLength", "minimum", "maximum", "pattern"}
KEPT = {"default", "description", "readOnly"}
SUFFIXES = {"POST": "Create", "PATCH": "Update"}


def header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    """Describe a header of responses, or of requests where no status is given."""
    response = list(statuses) if statuses else False
    return OpenApiParameter(name, str, "header", description=description, response=response)


IF_MATCH = header("If-Match", "`ETag` of the version that the client knows.")
ETAG = header("ETag", "Version of the object, for `If-Match`.", 200, 201)
LOCATION = header("Location", "URL of the new object.", 201)
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, "header", description="Seconds to wait.", response=[429]
)
REQUEST_ID = OpenApiParameter(
    "X-Request-ID", str, "header", description="Id of the request in the log.", response=True
)


class ProblemErrorSerializer(serializers.Serializer):
    pointer = serializers.CharField(required=False, help_text="JSON Pointer into the body.")
    parameter = serializers.CharField(required=False, help_text="Name of the parameter.")
    detail = serializers.CharField(help_text="What is wrong with it.")


class ProblemDetailsSerializer(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="Kind of the error, for programs.")
    title = serializers.CharField(help_text="Name of the status.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(required=False, help_text="Explanation for people.")
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]
    request_id = serializers.CharField(required=False, help_text="Id of the request in the log.")


def may_answer(*statuses: int) -> Callable[[Handler], Handler]:
    """Name the errors of a handler that other routes do not have."""

    def decorate(handler: Handler) -> Handler:
        handler.problems = statuses  # type: ignore[attr-defined]
        return handler

    return decorate


class Schema(AutoSchema):
    """Adds to drf-spectacular's schema what the views and serializers do not say by themselves."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            operation.setdefault("summary", operation["operationId"].replace("_", " ").title())
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            problem = self.resolve_serializer(ProblemDetailsSerializer, "response").ref
            for status in sorted(self.errors(operation) - set(map(int, operation["responses"]))):
                operation["responses"][str(status)] = {
                    "description": TITLES[status],
                    "content": {"application/problem+json": {"schema": problem}},
                    "headers": self._get_response_headers_for_code(str(status)),
                }
        return operation

    @property
    def handler(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or self.method.lower())

    def errors(self, operation: dict[str, Any]) -> set[int]:
        statuses = {400, 500, 503, *getattr(self.handler, "problems", ())}
        statuses |= set(getattr(self.view, "problems", ()))
        if not {type(permission) for permission in self.view.get_permissions()} <= OPEN_TO_USERS:
            statuses |= {403}
        if "security" in operation:
            statuses |= {401}
        if self.can_conflict():
            statuses |= {409}
        if "requestBody" in operation:
            statuses |= {413, 415, 422}
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
            statuses |= {422}
        if "{" in self.path:
            statuses |= {404}
        return statuses

    def can_conflict(self) -> bool:
        """Return whether the constraints of a resource can refuse the action."""
        action = getattr(self.view, "action", None)
        if action is None:
            return False
        meta = self.view.queryset.model._meta  # type: ignore[attr-defined]
        if action == "destroy":
            return any(link.on_delete in {PROTECT, RESTRICT} for link in meta.related_objects)
        links = any(f.is_relation and f.name != "owner" for f in meta.fields)
        unique = any(f.unique and not f.primary_key for f in meta.fields)
        return action in {"create", "partial_update"} and bool(unique or links or meta.constraints)

    def get_description(self) -> str:  # type: ignore[override]
        """Take the docstring of the handler; that of the view is for those who read the code."""
        return (self.handler.__doc__ or "").strip()

    def get_operation_id(self) -> str:
        """Name an operation of a resource by its model and path, such as `list_items`."""
        action = getattr(self.view, "action", None)
        if not action:
            return super().get_operation_id()
        verb = VERBS.get(action, action)
        plural = self._tokenize_path()[0]
        model: Any = self.view.queryset.model  # type: ignore[attr-defined]
        singular = model._meta.verbose_name.replace(" ", "_")
        return f"{verb}_{plural if action == 'list' else singular}"

    def get_override_parameters(self) -> list[Any]:
        query = [self.view.query_class] if self._is_list_view() else []  # type: ignore[attr-defined]
        return [*query, RETRY_AFTER, REQUEST_ID]

    def _get_serializer_name(self, serializer: Any, direction: Any, *args: Any) -> str:
        """Name models' serializers by their use: ItemCreate, ItemUpdate, ItemRead."""
        name = type(serializer).__name__.removesuffix("Serializer")
        if not isinstance(serializer, serializers.ModelSerializer):
            return name
        names = getattr(serializer.Meta, "component_names", {})
        default = name + (SUFFIXES[self.method] if direction == "request" else "Read")
        return str(names.get(direction, default))

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _map_serializer_field(self, field: Any, direction: Any, *args: Any) -> Any:
        """Give the choices of a model's field a component of their own, such as ItemStatus."""
        schema: Any = super()._map_serializer_field(field, direction, *args)  # type: ignore[no-untyped-call]
        if schema.pop("x-spec-enum-id", None) or "format" in schema:
            schema.pop("minLength", None)
        is_filter = isinstance(getattr(field, "parent", None), ListQuery)
        serializer = getattr(self.view, "serializer_class", None) if is_filter else field.parent
        meta: Any = getattr(serializer, "Meta", None)
        columns = {c.name: c for c in meta.model._meta.fields} if hasattr(meta, "model") else {}
        column = columns.get(field.source)
        if column is None:
            return schema
        if column.has_default() and not callable(column.default) and not is_filter:
            schema["default"] = field.to_representation(column.default)
        if not column.choices:
            return schema
        default = meta.model.__name__ + str(field.field_name).title().replace("_", "")
        name = getattr(meta, "component_names", {}).get(field.field_name, default)
        enum = {"type": "string", "enum": list(field.choices)}
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, enum, object=field)
        self.registry.register_on_missing(component)
        rest = {key: value for key, value in schema.items() if key in KEPT}
        if field.allow_null:
            return {"anyOf": [component.ref, {"type": "null"}], **rest}
        return {**component.ref, **rest}

    def get_auth(self) -> list[dict[str, Any]]:
        return [{"Login": []}] if self.view.get_authenticators() else []


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe fields without a help text; responses have all fields, updates no defaults."""
    methods = [method for path in result["paths"].values() for method in path.items()]
    bodies = str([operation.get("requestBody") for _, operation in methods])
    updates = str([operation.get("requestBody") for name, operation in methods if name == "patch"])
    for _, operation in methods:
        for parameter in operation.get("parameters", ()):
            if "enum" in parameter["schema"]:
                parameter["schema"].pop("minLength", None)
    for name, schema in result["components"]["schemas"].items():
        is_request = f"/{name}'" in bodies
        for field, value in schema.get("properties", {}).items():
            for part in value.pop("allOf", ()):
                value |= part  # in OpenAPI 3.1 a reference may have neighbours
            value.setdefault("description", DESCRIPTIONS.get(field) or describe(field))
            if not is_request or f"/{name}'" in updates:
                value.pop("default", None)
            if not is_request:
                for keyword in INPUT_ONLY & value.keys():
                    del value[keyword]
        if "properties" in schema and not is_request and not name.startswith("Problem"):
            schema["required"] = list(schema["properties"])
    return result


def describe(field: str) -> str:
    return f"{field.replace('_', ' ').capitalize()}."
