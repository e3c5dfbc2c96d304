"""Serializers, views and routes of the two applications on Django REST framework."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from rest_framework import generics, mixins, serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from benchmarks.apps.peers.django_models import Item, User


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "name", "role", "email_verified", "created_at")


class ItemSerializer(serializers.ModelSerializer[Item]):
    class Meta:
        model = Item
        fields = ("id", "title", "description", "status", "due_on", "created_at", "updated_at")
        read_only_fields = ("status", "due_on")


class Pages(PageNumberPagination):
    page_size, page_size_query_param, max_page_size = 20, "size", 100

    def get_paginated_response(self, data: Any) -> Response:
        page = self.page
        total, size = page.paginator.count, page.paginator.per_page
        return Response({"items": data, "total": total, "page": page.number, "size": size})


class Me(generics.RetrieveAPIView[User]):
    serializer_class = UserSerializer

    def get_object(self) -> Any:
        return self.request.user


class ItemViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[Item],
):
    serializer_class, pagination_class = ItemSerializer, Pages

    def get_queryset(self) -> Any:
        return Item.objects.filter(owner=self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Item]) -> None:
        serializer.save(owner=self.request.user)


def live(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


router = SimpleRouter(trailing_slash=False)
router.register("items", ItemViewSet, basename="item")
urlpatterns = [
    path("health/live", live),
    path("api/v1/users/me", Me.as_view()),
    path("api/v1/", include(router.urls)),
]
