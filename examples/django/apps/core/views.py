"""Views outside /api: the index, the health checks and the documentation."""

from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, JsonResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

DOCS_CSP = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)
STATES = ["ok", "unavailable"]


class LiveSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["ok"])


class ReadySerializer(serializers.Serializer):
    status = serializers.ChoiceField(STATES)
    checks = serializers.DictField(child=serializers.ChoiceField(STATES))


class PublicView(APIView):
    http_method_names = ("get", "head")
    authentication_classes = ()
    permission_classes = ()


class RootView(PublicView):
    schema = None

    def get(self, request: Request) -> Response:
        root = request.path
        docs = {"docs": f"{root}docs", "openapi": f"{root}openapi.json"} if settings.DOCS else {}
        return Response(docs | {"health": f"{root}health/ready", "api": f"{root}api/v1"})


class LiveView(PublicView):
    @extend_schema("live", responses=LiveSerializer)
    def get(self, request: Request) -> Response:
        """Tell that the process answers, without asking the database."""
        return Response({"status": "ok"})


class ReadyView(PublicView):
    @extend_schema("ready", responses={200: ReadySerializer, 503: ReadySerializer})
    def get(self, request: Request) -> Response:
        """Tell whether the process reaches its database."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, InterfaceError) as error:
            structlog.get_logger().warning("not ready", exc_info=error)
            state = "unavailable"
        else:
            state = "ok"
        body = {"status": state, "checks": {"database": state}}
        return Response(body, status=200 if state == "ok" else 503)


@cache
def openapi_document() -> dict[str, Any]:
    generator = SchemaGenerator()
    document: dict[str, Any] = generator.get_schema(public=True)
    return document


class OpenAPIView(PublicView):
    schema = None

    def get(self, request: Request) -> HttpResponse:
        return JsonResponse(openapi_document())


class DocsView(PublicView, SpectacularSwaggerSplitView):
    schema = None
    url_name = "openapi"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.headers["Content-Security-Policy"] = DOCS_CSP
        return response
