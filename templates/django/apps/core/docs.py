"""/openapi.json and /docs"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView


@cache
def describe() -> dict[str, Any]:
    """The OpenAPI document, which never changes while the process lives."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def document(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(describe())


page = SpectacularSwaggerSplitView.as_view(url_name="openapi")
