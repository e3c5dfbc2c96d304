"""The OpenAPI document: every status a route can answer, with its problem schema."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from apps.core.errors import TITLES

Handler = TypeVar("Handler", bound=Callable[..., Any])
IF_MATCH = OpenApiParameter("If-Match", location=OpenApiParameter.HEADER)


class ProblemErrorSerializer(serializers.Serializer):
    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    detail = serializers.CharField()


class ProblemDetailsSerializer(serializers.Serializer):
    """What every error answers, as `application/problem+json` (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]
    request_id = serializers.CharField(required=False)


def may_answer(*statuses: int) -> Callable[[Handler], Handler]:
    """What a handler answers besides that which every route can."""

    def decorate(handler: Handler) -> Handler:
        handler.problems = statuses  # type: ignore[attr-defined]
        return handler

    return decorate


class Schema(AutoSchema):
    """drf-spectacular's, with the errors, and the query of a list."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            problem = self.resolve_serializer(ProblemDetailsSerializer, "response").ref
            for status in sorted(self.errors(operation) - set(map(int, operation["responses"]))):
                operation["responses"][str(status)] = {
                    "description": TITLES[status],
                    "content": {"application/problem+json": {"schema": problem}},
                }
        return operation

    def errors(self, operation: dict[str, Any]) -> set[int]:
        handler = getattr(self.view, getattr(self.view, "action", None) or self.method.lower())
        statuses = {400, 500, 503, *getattr(handler, "problems", ())}
        if "requestBody" in operation:
            statuses |= {413, 415, 422}
        if "parameters" in operation:
            statuses |= {422}
        if "{" in self.path:
            statuses |= {404}
        if "security" in operation:
            statuses |= {401}
        return statuses

    def get_override_parameters(self) -> list[Any]:
        return [self.view.query_class] if self._is_list_view() else []  # type: ignore[attr-defined]

    def get_auth(self) -> list[dict[str, Any]]:
        return [{"bearer": []}] if self.view.get_authenticators() else []
