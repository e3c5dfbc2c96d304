"""/openapi.json and /docs"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView


@cache
def describe() -> dict[str, Any]:
    """The OpenAPI document, which never changes while the process lives."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    document: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return document


def document(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(describe())


page = SpectacularSwaggerSplitView.as_view(url_name="openapi")
