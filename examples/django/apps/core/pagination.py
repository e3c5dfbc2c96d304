"""Lists: pages, search, filters and order, the same for every resource."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Model, OrderBy, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Contains
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import invalid
from apps.core.fields import CharField, DigitsField


class ListQuery(serializers.Serializer):
    """The query parameters of a list; a subclass adds `sort` and a field for each filter."""

    page = DigitsField(
        min_value=1, max_value=1_000_000_000, default=1, help_text="Number of the page."
    )
    size = DigitsField(
        min_value=1, max_value=100, default=20, help_text="Number of objects on a page."
    )


class SearchQuery(ListQuery):
    q = CharField(
        max_length=200,
        allow_blank=True,
        default="",
        help_text="Text to search for, without regard to case.",
    )


def sort_field(*names: str) -> serializers.ChoiceField:
    """Return a field that takes the names, and each with `-` before it for descending order."""
    choices = [sign + name for name in names for sign in ("", "-")]
    return serializers.ChoiceField(
        choices, default="-created_at", help_text="Field to sort by; `-` sorts in descending order."
    )


class Pagination(BasePagination):
    """One page of the view's rows, by the parameters of its `query_class`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        query = read_query(view.query_class, request)
        self.page, self.size = query.pop("page"), query.pop("size")
        if sort := query.pop("sort", None):
            queryset = queryset.order_by(*order(queryset.model, sort))
        if q := query.pop("q", ""):
            queryset = queryset.filter(contains(q, view.search_fields))
        queryset = queryset.filter(**query)
        start = (self.page - 1) * self.size
        rows = list(queryset[start : start + self.size])
        # A page that is neither full nor empty is the last one, and tells the total.
        is_last = 0 < len(rows) < self.size
        self.total = start + len(rows) if is_last else queryset.count()
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "total": self.total, "page": self.page, "size": self.size})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties = {
            "items": schema | {"description": "The objects on this page."},
            "total": {"type": "integer", "description": "Number of objects on all pages."},
            "page": {"type": "integer", "description": "Number of this page."},
            "size": {"type": "integer", "description": "Number of objects on a full page."},
        }
        return {"type": "object", "properties": properties, "required": list(properties)}


def read_query(query_class: type[ListQuery], request: Request) -> dict[str, Any]:
    """Return the valid parameters of a request, or raise 422, which names every wrong one."""
    query = query_class(data=request.query_params.dict())
    if not query.is_valid():
        raise invalid(
            *({"parameter": name, "detail": str(e[0])} for name, e in query.errors.items())
        )
    values: dict[str, Any] = query.validated_data
    return values


def order(model: type[Model], sort: str) -> tuple[OrderBy, str]:
    """Rows without a value come last; ties are broken by id, so that no row is on two pages."""
    descending, name = sort.startswith("-"), sort.removeprefix("-")
    # No index can be used with NULLS LAST, so it is left out where there are no nulls.
    nulls_last = model._meta.get_field(name).null or None
    by_name = OrderBy(F(name), descending=descending, nulls_last=nulls_last)
    return by_name, "-id" if descending else "id"


def contains(q: str, fields: tuple[str, ...]) -> Q:
    """Search without regard to case; the database lowers both sides, so that they agree."""
    return reduce(or_, (Q(Contains(Lower(field), Lower(Value(q)))) for field in fields))
