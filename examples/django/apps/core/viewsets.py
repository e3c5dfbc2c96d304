"""The routes that every resource has."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from apps.core.etag import check_etag, etag
from apps.core.json import read_body
from apps.core.models import Record
from apps.core.openapi import ETAG, IF_MATCH, LOCATION, may_answer
from apps.core.pagination import ListQuery

CHANGES = {"partial_update", "destroy"}


class ResourceViewSet(ModelViewSet):
    """The user's own rows of a model, with entity tags; override REST framework's own hooks."""

    http_method_names = ("get", "head", "post", "patch", "delete")
    lookup_field = "id"
    lookup_value_converter = "uuid"
    query_class: type[ListQuery]
    search_fields: tuple[str, ...]

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().filter(owner_id=self.request.user.pk)
        return rows.select_for_update(of=("self",)) if self.action in CHANGES else rows

    def get_object(self) -> Record:
        record: Record = super().get_object()
        if self.action in CHANGES:
            check_etag(record, self.request)
        return record

    def list(self, request: Request) -> Response:
        """Return a page of the objects that match the query."""
        return super().list(request)

    @extend_schema(parameters=[ETAG, LOCATION])
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Create an object, which belongs to the user."""
        serializer = self.get_serializer(data=read_body(request))
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        record: Any = serializer.instance
        headers = {"Location": f"{request.path}/{record.pk}", "ETag": etag(record)}
        return Response(serializer.data, status=201, headers=headers)

    def perform_create(self, serializer: BaseSerializer) -> None:
        serializer.save(owner_id=self.request.user.pk)

    @extend_schema(parameters=[ETAG])
    def retrieve(self, request: Request, id: UUID) -> Response:
        """Return one object."""
        record = self.get_object()
        return Response(self.get_serializer(record).data, headers={"ETag": etag(record)})

    @extend_schema(parameters=[IF_MATCH, ETAG])
    @may_answer(412)
    @transaction.atomic
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Change the given fields of an object."""
        record = self.get_object()
        serializer = self.get_serializer(record, data=read_body(request), partial=True)
        serializer.is_valid(raise_exception=True)
        if serializer.validated_data:
            self.perform_update(serializer)
        return Response(serializer.data, headers={"ETag": etag(record)})

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    @may_answer(412)
    @transaction.atomic
    def destroy(self, request: Request, id: UUID) -> Response:
        """Delete an object."""
        return super().destroy(request, id=id)
