"""The admin site: only for administrators, and without undoing changes made by the API."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import CharField, Model, RestrictedError, TextField
from django.forms import MultiWidget
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import Session, User
from apps.core.models import OwnedRecord
from tests.helpers import PASSWORD, Response, connect, load_urls_again, problem, save_user, sign_in

MODELS = list(admin.site._registry)
# Every text field of the resources.
TEXTS = [
    (model, field.name)
    for model in MODELS
    if issubclass(model, OwnedRecord)
    for field in model._meta.fields
    if isinstance(field, CharField | TextField) and not field.choices
]
INDEX, LOGIN = reverse("admin:index"), reverse("admin:login")


def page(model: type[Model], name: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


@pytest.fixture
def eve(db: None) -> User:
    return save_user("eve@example.com", role="admin")


@pytest.fixture
def site(client: Client, eve: User) -> Client:
    """Return a client with which an administrator is logged in."""
    client.force_login(eve)
    return client


@pytest.fixture
def rows(eve: User) -> None:
    """Create a row of every model."""
    call_command("seed")
    Group.objects.create(name="editors")
    sign_in(eve)
    missing = [model.__name__ for model in MODELS if not model._default_manager.exists()]
    assert not missing, f"seed creates no rows of {', '.join(missing)}"


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS)
def test_every_page_opens(
    site: Client, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    row = model._default_manager.first()
    assert row
    with django_assert_max_num_queries(15):
        assert site.get(page(model, "changelist")).status_code == 200
    found = site.get(page(model, "changelist"), {"q": "no such thing"})
    assert found.context["cl"].result_count == 0
    assert site.get(page(model, "change", row.pk)).status_code == 200
    assert site.get(page(model, "add")).status_code == (403 if model is Session else 200)


def unchanged(site: Client, path: str) -> dict[str, Any]:
    """Return the form data that a browser sends if nothing was changed on the page."""
    sent: dict[str, Any] = {}
    for field in site.get(path).context["adminform"].form:
        value = "" if field.value() is None else field.value()
        for name, widget in (
            (field.html_name, field.field.widget),
            (field.html_initial_name, field.field.hidden_widget()),
        ):
            if isinstance(widget, MultiWidget):
                parts = widget.decompress(value) or []
                sent |= {f"{name}_{number}": part or "" for number, part in enumerate(parts)}
            else:
                sent[name] = value
    return sent


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(("model", "name"), TEXTS)
def test_stale_page_does_not_undo_changes(site: Client, model: type[Model], name: str) -> None:
    rows = model._default_manager.filter(pk=model._default_manager.values("pk")[:1])
    path = page(model, "change", rows.get().pk)
    shown = unchanged(site, path)
    rows.update(**{name: "changed meanwhile"})
    before = rows.values().get()
    assert site.post(path, shown).status_code == 302
    after = rows.values().get()
    assert after == before | {"updated_at": after["updated_at"]}


def test_stale_page_does_not_restore_rights(site: Client) -> None:
    user = save_user("ann@example.com", role="admin")
    path = page(User, "change", user.pk)
    shown = unchanged(site, path)
    User.objects.filter(pk=user.pk).update(role="user", is_active=False)
    assert site.post(path, shown | {"name": "Ann"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.role, user.is_active) == ("Ann", "user", False)


def add_user(site: Client, email: str) -> Response:
    form = {"email": email, "role": "user", "password1": PASSWORD, "password2": PASSWORD}
    return site.post(page(User, "add"), form | {"usable_password": "true"})


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("Ann@Example.com", "ann@example.com"),
        ("ann@Bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_added_user_can_log_in(site: Client, email: str, kept: str) -> None:
    assert add_user(site, email).status_code == 302
    assert sign_in(User.objects.get(email=kept))["access_token"]


@pytest.mark.parametrize("email", ["ann@localhost", "\N{KELVIN SIGN}ate@example.com"])
def test_address_that_cannot_log_in_is_refused(site: Client, email: str) -> None:
    assert add_user(site, email).status_code == 200
    assert User.objects.count() == 1


def test_address_is_taken_in_whatever_case(site: Client) -> None:
    save_user("ann@example.com")
    assert add_user(site, "Ann@Example.com").status_code == 200
    assert User.objects.count() == 2


def change_user(site: Client, user: User, **changes: Any) -> Response:
    path = page(User, "change", user.pk)
    return site.post(path, unchanged(site, path) | changes)


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


def test_disabled_password_ends_the_sessions(site: Client) -> None:
    user = save_user("ann@example.com")
    sign_in(user)
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    response = site.post(path, {"usable_password": "false", "unset-password": "yes"})
    assert response.status_code == 302
    assert not user.sessions.exists()


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
def test_last_administrator_cannot_be_demoted(
    site: Client, eve: User, change: dict[str, str]
) -> None:
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


def test_other_administrators_can_be_demoted(site: Client) -> None:
    second = save_user("second@example.com", role="admin")
    assert change_user(site, second, role="user").status_code == 302
    second.refresh_from_db()
    assert not second.is_staff


def test_log_in(client: Client, eve: User) -> None:
    response = client.post(LOGIN, {"username": "Eve@Example.com", "password": PASSWORD})
    assert response.status_code == 302
    assert client.get(INDEX).status_code == 200


def test_demoted_administrator_loses_access_at_once(site: Client, eve: User) -> None:
    eve.role = User.Role.USER
    eve.save()
    assert site.get(INDEX).status_code == 302


def test_access_token_gives_no_access_to_the_site(client: Client, eve: User) -> None:
    headers = {"Authorization": f"Bearer {sign_in(eve)['access_token']}"}
    assert client.get(INDEX, headers=headers).status_code == 302


def test_login_to_the_site_gives_no_access_to_the_api(site: Client) -> None:
    assert problem(site.get("/api/v1/users/me")) == (401, "not-authenticated")


def test_pages_run_only_scripts_of_the_site(site: Client) -> None:
    policy = site.get(INDEX).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert (
        site.get("/health/live").headers["Content-Security-Policy"].startswith("default-src 'none'")
    )


def test_path_without_slash_leads_to_the_site(client: Client) -> None:
    assert client.get(INDEX.rstrip("/")).headers["Location"] == INDEX


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, OwnedRecord)])
def test_owner_cannot_be_changed(site: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row
    form = site.get(page(model, "change", row.pk)).context["adminform"].form
    assert "owner" not in form.fields


def test_log_of_an_administrator_is_not_deleted(site: Client, eve: User) -> None:
    add_user(site, "ann@example.com")
    assert eve.logentry_set.exists()
    with pytest.raises(RestrictedError):
        eve.delete()
    second = save_user("second@example.com", role="admin")
    assert second.is_superuser
    api = connect(sign_in(eve)["access_token"])
    assert problem(api.delete("/api/v1/users/me")) == (409, "conflict")
    assert eve.logentry_set.exists()


def test_styles_are_served(client: Client) -> None:
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.django_db
def test_site_is_not_served_without_a_path(client: Client, settings: Settings) -> None:
    settings.ADMIN_PATH = ""
    load_urls_again(settings)
    assert problem(client.get(LOGIN)) == (404, "about:blank")
