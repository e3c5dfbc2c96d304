"""Django with REST framework, as their documentation shows; the access token is the session's id.

No token is signed, nothing is logged, and no error has a body of its own.
"""

import os
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.wsgi import get_wsgi_application

url = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[],
    INSTALLED_APPS=["rest_framework"],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": url.username,
            "PASSWORD": url.password or "",
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
app = get_wsgi_application()

from django.db import models  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import generics, mixins, serializers, viewsets  # noqa: E402
from rest_framework.authentication import BaseAuthentication  # noqa: E402
from rest_framework.exceptions import AuthenticationFailed  # noqa: E402
from rest_framework.pagination import PageNumberPagination  # noqa: E402
from rest_framework.permissions import IsAuthenticated  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.routers import SimpleRouter  # noqa: E402


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, null=True)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField()
    email_verified = models.BooleanField()
    created_at = models.DateTimeField()
    is_authenticated = True

    class Meta:
        app_label, db_table = "bounds", "users"


class AuthSession(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    expires_at = models.DateTimeField()

    class Meta:
        app_label, db_table = "bounds", "sessions"


class Item(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    owner = models.ForeignKey(User, models.CASCADE)
    title = models.CharField(max_length=200)
    description = models.TextField(null=True)
    status = models.CharField(max_length=20, default="todo")
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label, db_table = "bounds", "items"


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "name", "role", "email_verified", "created_at")


class ItemSerializer(serializers.ModelSerializer[Item]):
    class Meta:
        model = Item
        fields = ("id", "title", "description", "status", "due_on", "created_at", "updated_at")
        read_only_fields = ("status",)
        extra_kwargs = {"description": {"required": False}}  # noqa: RUF012


class Pages(PageNumberPagination):
    page_size, page_size_query_param, max_page_size = 20, "size", 100


class Authentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, AuthSession]:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        current = AuthSession.objects.select_related("user")
        session = current.filter(id=token, expires_at__gt=timezone.now()).first()
        if session is None or not session.user.is_active:
            raise AuthenticationFailed
        return session.user, session


class Me(generics.RetrieveAPIView[User]):
    authentication_classes, permission_classes = (Authentication,), (IsAuthenticated,)
    serializer_class = UserSerializer

    def get_object(self) -> Any:
        return self.request.user


class ItemViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[Item],
):
    authentication_classes, permission_classes = (Authentication,), (IsAuthenticated,)
    serializer_class, pagination_class = ItemSerializer, Pages

    def get_queryset(self) -> Any:
        return Item.objects.filter(owner=self.request.user).order_by("-created_at", "-id")

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
