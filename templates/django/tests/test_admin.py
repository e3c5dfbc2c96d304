"""The admin site: every page of every model, for administrators alone, and no guessing."""

from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from tests.helpers import PASSWORD, save_user, sign_in

MODELS = list(admin.site._registry)
LOGIN = reverse("admin:login")


def page(model: type[Model], name: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


@pytest.fixture
def eve(db: None) -> User:
    return save_user("eve@example.com", role="admin")


@pytest.fixture
def site(client: Client, eve: User) -> Client:
    """A browser that an administrator is logged in with, and rows of every model."""
    call_command("seed")
    sign_in(eve)
    client.force_login(eve)
    return client


def test_index(site: Client) -> None:
    content = site.get(reverse("admin:index")).text
    assert all(page(model, "changelist") in content for model in MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_list(
    site: Client, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        response = site.get(page(model, "changelist"))
    assert response.status_code == 200
    assert response.context["cl"].result_count == model._default_manager.count() > 0


@pytest.mark.parametrize("model", MODELS)
def test_search(site: Client, model: type[Model]) -> None:
    assert admin.site.get_model_admin(model).search_fields
    response = site.get(page(model, "changelist"), {"q": "no such thing"})
    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize("model", MODELS)
def test_change(site: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row
    response = site.get(page(model, "change", row.pk))
    assert response.status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_add(site: Client, model: type[Model]) -> None:
    response = site.get(page(model, "add"))
    assert response.status_code == 200


def test_log_in(client: Client, eve: User) -> None:
    response = client.post(LOGIN, {"username": "Eve@Example.com", "password": PASSWORD})
    assert response.status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.django_db
def test_users_may_not_log_in(client: Client) -> None:
    save_user("ann@example.com")
    response = client.post(LOGIN, {"username": "ann@example.com", "password": PASSWORD})
    assert response.status_code == 200
    assert client.get(reverse("admin:index")).status_code == 302
