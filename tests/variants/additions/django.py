"""What the owner of a Django project adds, as Django's and REST framework's documentation say.

test_additions.py puts this file among the tests of a rendered project, and runs it there.
"""

from __future__ import annotations

from typing import Any

import pytest
from apps.accounts.models import User
from apps.core.background import run_later, worker
from apps.core.errors import Problem
from apps.items.models import Item
from apps.items.views import ItemViewSet
from django.db import connection
from django.urls import include, path
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission, DjangoModelPermissions, IsAuthenticated
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle
from tests.helpers import finish_background, problem


class NotArchived(BasePermission):
    message = "It is archived."

    def has_object_permission(self, *_: Any) -> bool:
        return False


class ArchivedViewSet(ItemViewSet):
    permission_classes = (IsAuthenticated, NotArchived)


class NamedViewSet(ItemViewSet):
    def perform_create(self, serializer: BaseSerializer) -> None:
        super().perform_create(serializer)
        User.objects.filter(pk=self.request.user.pk).update(name=serializer.instance.title)


class JoinedViewSet(ItemViewSet):
    queryset = Item.objects.select_related("owner")


class PermittedViewSet(ItemViewSet):
    permission_classes = (DjangoModelPermissions,)


class PaymentRequired(APIException):
    status_code = 402
    default_detail = "The trial has ended."


class UnpaidViewSet(ItemViewSet):
    def perform_create(self, serializer: BaseSerializer) -> None:
        super().perform_create(serializer)
        raise PaymentRequired


class RefusingViewSet(ItemViewSet):
    def perform_create(self, serializer: BaseSerializer) -> None:
        super().perform_create(serializer)
        raise Problem(409, "conflict")


class OnceADay(UserRateThrottle):
    scope, rate = "once", "1/day"


class ThrottledViewSet(ItemViewSet):
    throttle_classes = (OnceADay,)


router = SimpleRouter(trailing_slash=False, use_regex_path=False)
for name, viewset in {
    "archived": ArchivedViewSet,
    "named": NamedViewSet,
    "joined": JoinedViewSet,
    "permitted": PermittedViewSet,
    "unpaid": UnpaidViewSet,
    "refusing": RefusingViewSet,
    "throttled": ThrottledViewSet,
}.items():
    router.register(name, viewset, basename=name)
urlpatterns = [path("", include("config.urls")), path("", include(router.urls))]

pytestmark = pytest.mark.urls(__name__)
BODY = {"title": "Tea"}


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_object_permission_is_asked(api: APIClient, method: str) -> None:
    created = api.post("/archived", BODY).json()
    response = getattr(api, method)(f"/archived/{created['id']}", BODY)
    assert problem(response) == (403, "forbidden")
    assert response.json()["detail"] == "It is archived."


def test_overridden_perform_create_is_called(api: APIClient, user: User) -> None:
    assert api.post("/named", BODY).status_code == 201
    user.refresh_from_db()
    assert user.name == "Tea"


def test_joined_rows_can_be_changed(api: APIClient) -> None:
    created = api.post("/joined", BODY).json()
    assert api.patch(f"/joined/{created['id']}", {"title": "Milk"}).status_code == 200


def test_model_permissions_are_those_of_the_role(api: APIClient, admin: APIClient) -> None:
    assert problem(api.post("/permitted", BODY)) == (403, "forbidden")
    assert admin.post("/permitted", BODY).status_code == 201


def test_exception_of_ones_own_is_answered(api: APIClient) -> None:
    response = api.post("/unpaid", BODY)
    assert problem(response) == (402, "about:blank")
    assert response.json()["detail"] == "The trial has ended."


def test_throttle_tells_when_to_come_again(api: APIClient) -> None:
    assert api.get("/throttled").status_code == 200
    # Who claims to come from elsewhere is the same user still.
    response = api.get("/throttled", headers={"X-Forwarded-For": "192.0.2.1"})
    assert problem(response) == (429, "rate-limited")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/unpaid", "/refusing"])
def test_atomic_requests_keep_nothing_of_a_failed_one(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    assert api.post(path, BODY).status_code in {402, 409}
    assert not Item.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="there is no server to cut the line")
def test_jobs_outlive_a_lost_connection() -> None:
    counts: list[int] = []

    def job() -> None:
        counts.append(Item.objects.count())

    run_later(job)
    worker.submit(int).result()
    assert len(counts) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    run_later(job)  # may find out that the line was cut
    run_later(job)
    finish_background()
    assert len(counts) > 1
