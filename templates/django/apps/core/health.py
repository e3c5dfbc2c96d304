"""What a load balancer asks."""

import structlog
from django.db import DatabaseError, InterfaceError, connection
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class LiveSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["ok"])


STATES = ["ok", "unavailable"]


class ReadySerializer(serializers.Serializer):
    status = serializers.ChoiceField(STATES)
    checks = inline_serializer("Checks", {"database": serializers.ChoiceField(STATES)})


class Health(APIView):
    http_method_names = ("get", "head")
    authentication_classes = ()
    permission_classes = ()


class Live(Health):
    @extend_schema(responses=LiveSerializer)
    def get(self, request: Request) -> Response:
        """The process answers; the database is not asked."""
        return Response({"status": "ok"})


class Ready(Health):
    @extend_schema(responses={200: ReadySerializer, 503: ReadySerializer})
    def get(self, request: Request) -> Response:
        """The process can do its work."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, InterfaceError) as error:
            structlog.get_logger().warning("not ready", error=str(error))
            state = "unavailable"
        else:
            state = "ok"
        body = {"status": state, "checks": {"database": state}}
        return Response(body, status=200 if state == "ok" else 503)
