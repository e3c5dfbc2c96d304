"""Django with django-ninja, as its documentation shows it."""

import os
from typing import Any
from uuid import UUID

import jwt

from benchmarks.apps.peers.django_setup import make_app

app = make_app(__name__, INSTALLED_APPS=["ninja"], MIDDLEWARE=[])

from django.http import HttpRequest  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from ninja import NinjaAPI, Router, Schema  # noqa: E402
from ninja.security import HttpBearer  # noqa: E402

from benchmarks.apps.peers.django_models import Item, Session, User  # noqa: E402
from benchmarks.apps.peers.schemas import ItemPage, ItemRead, UserRead  # noqa: E402


class ItemIn(Schema):
    title: str
    description: str | None = None


class Bearer(HttpBearer):
    def authenticate(self, _request: HttpRequest, token: str) -> User | None:
        try:
            claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return None
        current = Session.objects.select_related("user").filter(expires_at__gt=timezone.now())
        session = current.filter(key=claims["sub"], user__is_active=True).first()
        return session.user if session else None


api = NinjaAPI()
router = Router(auth=Bearer())


@api.get("/health/live")
def live(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001
    return {"status": "ok"}


@router.get("/users/me", response=UserRead)
def me(request: Any) -> User:
    return request.auth


@router.get("/items", response=ItemPage)
def list_items(request: Any, page: int = 1, size: int = 20) -> dict[str, Any]:
    items = Item.objects.filter(owner=request.auth)
    first = (page - 1) * size
    found = list(items[first : first + size])
    return {"items": found, "total": items.count(), "page": page, "size": size}


@router.get("/items/{uuid:item_id}", response=ItemRead)
def get_item(request: Any, item_id: UUID) -> Item:
    return get_object_or_404(Item, id=item_id, owner=request.auth)


@router.post("/items", response={201: ItemRead})
def create_item(request: Any, body: ItemIn) -> tuple[int, Item]:
    return 201, Item.objects.create(**body.dict(), owner=request.auth)


api.add_router("/api/v1", router)
urlpatterns = [path("", api.urls)]
