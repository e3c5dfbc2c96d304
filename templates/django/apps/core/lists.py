"""Lists: pages, search, filters and order, the same for every resource."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Contains
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import invalid
from apps.core.fields import Integer, Text


class ListQuery(serializers.Serializer):
    """The query parameters of a list; a subclass adds `sort` and a field for each filter."""

    page = Integer(min_value=1, max_value=1_000_000_000, default=1)
    size = Integer(min_value=1, max_value=100, default=20)


class SearchQuery(ListQuery):
    q = Text(max_length=200, allow_blank=True, default="")


def sort_field(*names: str) -> serializers.ChoiceField:
    """Names of the model's fields, each of them with `-` for descending as well."""
    choices = [sign + name for name in names for sign in ("", "-")]
    return serializers.ChoiceField(choices, default="-created_at")


class Page(BasePagination):
    """One page of the view's rows, by the parameters of its `query_class`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        asked = read_query(view.query_class, request)
        self.page, self.size = asked.pop("page"), asked.pop("size")
        sort = asked.pop("sort")
        if q := asked.pop("q", ""):
            queryset = queryset.filter(matches(q, view.search_fields))
        queryset = queryset.filter(**asked)
        # Rows that tie are ordered by their id, so that no row is on two pages.
        queryset = queryset.order_by(sort, "-id" if sort.startswith("-") else "id")
        start = (self.page - 1) * self.size
        rows = list(queryset[start : start + self.size])
        # A page that is not full is the last one, and tells the total; an empty one tells nothing.
        is_last = 0 < len(rows) < self.size
        self.total = start + len(rows) if is_last else queryset.count()
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "total": self.total, "page": self.page, "size": self.size})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer"}
        properties = {"items": schema, "total": number, "page": number, "size": number}
        return {"type": "object", "properties": properties, "required": list(properties)}


def read_query(query_class: type[ListQuery], request: Request) -> dict[str, Any]:
    """The checked parameters of a request; raises 422, which names every wrong one."""
    query = query_class(data=request.query_params.dict())
    if not query.is_valid():
        raise invalid(
            *({"parameter": name, "detail": str(e[0])} for name, e in query.errors.items())
        )
    asked: dict[str, Any] = query.validated_data
    return asked


def matches(q: str, fields: tuple[str, ...]) -> Q:
    """A field contains the text, whatever its case; `%` and `_` stand for themselves."""
    return reduce(or_, (Q(Contains(Lower(field), q.lower())) for field in fields))
