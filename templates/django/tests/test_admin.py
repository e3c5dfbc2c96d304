"""The admin site: every page of every model, for administrators alone, without guessing."""

from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import Session, User
from tests.helpers import PASSWORD, Response, problem, read_urls_again, save_user, sign_in

MODELS = list(admin.site._registry)
INDEX, LOGIN = reverse("admin:index"), reverse("admin:login")


def page(model: type[Model], name: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


@pytest.fixture
def eve(db: None) -> User:
    return save_user("eve@example.com", role="admin")


@pytest.fixture
def site(client: Client, eve: User) -> Client:
    """A browser that an administrator is logged in with."""
    client.force_login(eve)
    return client


@pytest.fixture
def rows(eve: User) -> None:
    """Some of every model."""
    call_command("seed")
    sign_in(eve)


def test_index_names_every_model(site: Client) -> None:
    content = site.get(INDEX).text
    assert all(page(model, "changelist") in content for model in MODELS)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS)
def test_list(
    site: Client, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        response = site.get(page(model, "changelist"))
    assert response.status_code == 200
    assert response.context["cl"].result_count == model._default_manager.count() > 0


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS)
def test_search(site: Client, model: type[Model]) -> None:
    assert admin.site.get_model_admin(model).search_fields
    response = site.get(page(model, "changelist"), {"q": "no such thing"})
    assert response.context["cl"].result_count == 0


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS)
def test_change(site: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row
    assert site.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_add(site: Client, model: type[Model]) -> None:
    allowed = admin.site.get_model_admin(model).has_add_permission(site.get(INDEX).wsgi_request)
    assert site.get(page(model, "add")).status_code == (200 if allowed else 403)


def add_user(site: Client, email: str) -> Response:
    form = {"email": email, "role": "user", "password1": PASSWORD, "password2": PASSWORD}
    return site.post(page(User, "add"), form | {"usable_password": "true"})


def test_added_user_can_log_in(site: Client) -> None:
    assert add_user(site, "Ann@Example.com").status_code == 302
    assert sign_in(User.objects.get(email="ann@example.com"))["access_token"]


def test_address_is_taken_in_whatever_case(site: Client) -> None:
    save_user("ann@example.com")
    assert add_user(site, "Ann@Example.com").status_code == 200
    assert User.objects.count() == 2


def change_user(site: Client, user: User, **changes: Any) -> Response:
    path = page(User, "change", user.pk)
    form = site.get(path).context["adminform"].form
    shown = {name: form.initial[name] for name in form.fields if form.initial.get(name) is not None}
    return site.post(path, shown | changes)


def test_deactivation_ends_the_sessions(site: Client) -> None:
    user = save_user("ann@example.com")
    sign_in(user)
    assert change_user(site, user, is_active="false").status_code == 302
    assert not user.sessions.exists()


def test_new_password_ends_the_sessions(site: Client) -> None:
    user = save_user("ann@example.com")
    sign_in(user)
    new = {"password1": "another-long-one", "password2": "another-long-one"}
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    response = site.post(path, new | {"usable_password": "true"})
    assert response.status_code == 302
    assert not user.sessions.exists()
    user.refresh_from_db()
    assert user.check_password("another-long-one")


def test_own_new_password_ends_the_sessions(site: Client, eve: User) -> None:
    sign_in(eve)
    new = {"new_password1": "another-long-one", "new_password2": "another-long-one"}
    path = reverse("admin:password_change")
    assert site.get(path).status_code == 200
    assert site.post(path, new | {"old_password": PASSWORD}).status_code == 302
    assert not eve.sessions.exists()
    assert site.get(INDEX).status_code == 200
    eve.refresh_from_db()
    assert eve.check_password("another-long-one")


def test_session_can_be_ended_but_not_changed(site: Client, eve: User) -> None:
    sign_in(eve)
    session = eve.sessions.get()
    assert site.post(page(Session, "change", session.pk), {}).status_code == 403
    assert site.post(page(Session, "delete", session.pk), {"post": "yes"}).status_code == 302
    assert not eve.sessions.exists()


def test_new_address_is_not_verified(site: Client) -> None:
    user = save_user("ann@example.com", email_verified=True)
    assert change_user(site, user, email="Moved@example.com").status_code == 302
    user.refresh_from_db()
    assert (user.email, user.email_verified) == ("moved@example.com", False)


def test_change_leaves_what_the_form_did_not_change(site: Client) -> None:
    user = save_user("ann@example.com", email_verified=True)
    sign_in(user)
    assert change_user(site, user, name="Ann").status_code == 302
    user.refresh_from_db()
    assert (user.name, user.email_verified) == ("Ann", True)
    assert user.sessions.exists()


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": "false"}])
def test_last_administrator_stays_one(site: Client, eve: User, change: dict[str, str]) -> None:
    assert change_user(site, eve, **change).status_code == 200
    eve.refresh_from_db()
    assert eve.is_staff
    assert eve.is_active


def test_last_administrator_cannot_be_deleted(site: Client, eve: User) -> None:
    site.post(page(User, "delete", eve.pk), {"post": "yes"})
    site.post(
        page(User, "changelist"),
        {"action": "delete_selected", "post": "yes", "_selected_action": eve.pk},
    )
    assert User.objects.exists()


def test_last_but_one_administrator_may_go(site: Client) -> None:
    second = save_user("second@example.com", role="admin")
    assert change_user(site, second, role="user").status_code == 302
    second.refresh_from_db()
    assert not second.is_staff


def test_log_in(client: Client, eve: User) -> None:
    response = client.post(LOGIN, {"username": "Eve@Example.com", "password": PASSWORD})
    assert response.status_code == 302
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("values", [{"role": "user"}, {"role": "admin", "is_active": False}])
@pytest.mark.django_db
def test_others_may_not_log_in(client: Client, values: dict[str, Any]) -> None:
    save_user("ann@example.com", **values)
    response = client.post(LOGIN, {"username": "ann@example.com", "password": PASSWORD})
    assert response.status_code == 200
    assert client.get(INDEX).status_code == 302


def test_demoted_administrator_is_out_at_once(site: Client, eve: User) -> None:
    eve.role = User.Role.USER
    eve.save()
    assert site.get(INDEX).status_code == 302


def test_forms_of_other_sites_are_refused(eve: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(LOGIN, {"username": eve.email, "password": PASSWORD})
    assert problem(response) == (403, "about:blank")


def test_access_token_is_no_key_to_the_site(client: Client, eve: User) -> None:
    headers = {"Authorization": f"Bearer {sign_in(eve)['access_token']}"}
    assert client.get(INDEX, headers=headers).status_code == 302


def test_login_to_the_site_is_no_key_to_the_api(site: Client) -> None:
    assert problem(site.get("/api/v1/users/me")) == (401, "not-authenticated")


def test_pages_run_scripts_of_their_own_alone(site: Client) -> None:
    policy = site.get(INDEX).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert (
        site.get("/health/live").headers["Content-Security-Policy"].startswith("default-src 'none'")
    )


def test_styles_are_served(client: Client) -> None:
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.django_db
def test_site_is_not_there_without_a_path(client: Client, settings: Settings) -> None:
    settings.ADMIN_PATH = ""
    read_urls_again(settings)
    assert problem(client.get(LOGIN)) == (404, "about:blank")
