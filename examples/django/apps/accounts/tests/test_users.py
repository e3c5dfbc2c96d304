"""Users over HTTP: one's own account, and all of them for administrators."""

from typing import Any

import pytest
from django.http import Http404
from rest_framework.test import APIClient

from apps.accounts.models import Session, User
from apps.accounts.serializers import UserForAdminSerializer
from tests.helpers import PASSWORD, UNKNOWN, invalid, problem, save_user

URL = "/api/v1/users"
ME = "/api/v1/users/me"


def list_emails(admin: APIClient, **query: Any) -> list[str]:
    response = admin.get(URL, query)
    assert response.status_code == 200, response.content
    return [user["email"] for user in response.json()["items"]]


def test_own_account(api: APIClient, user: User) -> None:
    assert api.get(ME).json() == {
        "id": str(user.id),
        "email": "ann@example.com",
        "name": None,
        "role": "user",
        "email_verified": False,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


def test_change_own_name(api: APIClient) -> None:
    assert api.patch(ME, {"name": "Ann"}).json()["name"] == "Ann"
    assert api.get(ME).json()["name"] == "Ann"
    assert api.patch(ME, {"name": None}).json()["name"] is None


def change(user: User, **values: Any) -> User:
    """Change a user as the views do."""
    serializer = UserForAdminSerializer(user, data=values, partial=True)
    serializer.is_valid(raise_exception=True)
    changed: User = serializer.save()
    return changed


def test_concurrent_changes_are_kept(user: User) -> None:
    meanwhile = {"role": "admin", "is_active": False, "password": "new", "email_verified": True}
    User.objects.update(**meanwhile)
    changed = change(user, name="Ann")
    stored = User.objects.values().get()
    assert stored.items() >= (meanwhile | {"name": "Ann"}).items()
    assert (changed.role, changed.is_active) == ("admin", False)


def test_deleted_user_is_not_created_again(user: User) -> None:
    User.objects.all().delete()
    with pytest.raises(Http404):
        change(user, name="Ann")
    assert not User.objects.exists()


def test_empty_patch_changes_nothing(api: APIClient, user: User) -> None:
    before = user.updated_at
    assert api.patch(ME, {}).status_code == 200
    user.refresh_from_db()
    assert user.updated_at == before


@pytest.mark.parametrize("name", ["", "n" * 201, "\0", 1])
def test_bad_name_is_refused(api: APIClient, name: Any) -> None:
    assert invalid(api.patch(ME, {"name": name})) == {"#/name"}


def test_read_only_fields_of_own_account_are_ignored(api: APIClient) -> None:
    before = api.get(ME).json()
    forbidden = {"id": UNKNOWN, "email": "new@example.com", "role": "admin", "is_active": False}
    response = api.patch(ME, forbidden | {"email_verified": True, "is_superuser": True})
    assert response.json() == before
    assert api.get(ME).json() == before


def test_delete_own_account(api: APIClient) -> None:
    response = api.delete(ME)
    assert (response.status_code, response.content) == (204, b"")
    assert problem(api.get(ME)) == (401, "invalid-token")
    assert not User.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ME), ("patch", ME), ("delete", ME), ("get", URL), ("get", f"{URL}/{UNKNOWN}")],
)
def test_anonymous_is_refused(anonymous: APIClient, method: str, path: str) -> None:
    assert problem(getattr(anonymous, method)(path, {})) == (401, "not-authenticated")


@pytest.mark.parametrize(
    ("method", "path"), [("get", URL), ("get", f"{URL}/{UNKNOWN}"), ("patch", f"{URL}/{UNKNOWN}")]
)
def test_users_are_refused(api: APIClient, method: str, path: str) -> None:
    assert problem(getattr(api, method)(path, {})) == (403, "forbidden")


def test_admin_sees_who_is_active(admin: APIClient, user: User) -> None:
    seen = admin.get(f"{URL}/{user.id}").json()
    assert seen.keys() >= {"id", "email", "name", "role", "email_verified", "created_at"}
    assert seen["is_active"] is True
    assert seen in admin.get(URL).json()["items"]


def test_list(admin: APIClient) -> None:
    save_user("a@example.com", name="Tea 100%", email_verified=True)
    save_user("b@example.com", name="Tea 1000", is_active=False)
    assert list_emails(admin) == ["b@example.com", "a@example.com", "eve@example.com"]
    assert list_emails(admin, sort="email", size=1, page=2) == ["b@example.com"]
    assert list_emails(admin, q="tEA 100%") == ["a@example.com"]
    assert list_emails(admin, q="B@EXAMPLE") == ["b@example.com"]
    assert list_emails(admin, role="admin") == ["eve@example.com"]
    assert list_emails(admin, is_active="false") == ["b@example.com"]
    assert list_emails(admin, email_verified="true") == ["a@example.com"]


@pytest.mark.parametrize("parameter", ["page", "size", "sort", "role", "is_active"])
def test_bad_query_is_refused(admin: APIClient, parameter: str) -> None:
    assert invalid(admin.get(URL, {parameter: "nonsense"})) == {parameter}


@pytest.mark.parametrize("method", ["get", "patch"])
@pytest.mark.parametrize("unknown", [UNKNOWN, "1"])
def test_unknown_user(admin: APIClient, method: str, unknown: str) -> None:
    assert problem(getattr(admin, method)(f"{URL}/{unknown}", {})) == (404, "about:blank")


def test_admin_changes_a_user(admin: APIClient, api: APIClient, user: User) -> None:
    changes = {"role": "admin", "name": "Ann"}
    response = admin.patch(f"{URL}/{user.id}", changes)
    assert response.json().items() >= changes.items()
    assert api.get(URL).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"), [("role", "boss"), ("role", None), ("is_active", None), ("name", "")]
)
def test_bad_change_is_refused(admin: APIClient, user: User, field: str, value: Any) -> None:
    assert invalid(admin.patch(f"{URL}/{user.id}", {field: value})) == {f"#/{field}"}


def test_admin_cannot_set_email_or_password(admin: APIClient, user: User) -> None:
    before = admin.get(f"{URL}/{user.id}").json()
    body = {"email": "new@example.com", "email_verified": True, "password": "", "id": UNKNOWN}
    assert admin.patch(f"{URL}/{user.id}", body).json() == before
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_deactivation_ends_the_sessions(admin: APIClient, api: APIClient, user: User) -> None:
    url = f"{URL}/{user.id}"
    assert admin.patch(url, {"is_active": False}).json()["is_active"] is False
    assert problem(api.get(ME)) == (401, "invalid-token")
    admin.patch(url, {"is_active": True})
    assert problem(api.get(ME)) == (401, "invalid-token")
    body = {"email": user.email, "password": PASSWORD}
    assert api.post("/api/v1/auth/login", body).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_last_admin_cannot_be_removed(admin: APIClient, change: dict[str, Any]) -> None:
    url = f"{URL}/{admin.get(ME).json()['id']}"
    assert problem(admin.patch(url, change)) == (409, "conflict")
    assert problem(admin.delete(ME)) == (409, "conflict")
    assert admin.patch(url, {"role": "admin", "name": "Eve"}).status_code == 200


def test_other_admins_can_be_deleted(admin: APIClient) -> None:
    save_user("second@example.com", role="admin")
    assert admin.delete(ME).status_code == 204


def test_deactivated_admin_does_not_count(admin: APIClient) -> None:
    save_user("second@example.com", role="admin", is_active=False)
    assert problem(admin.delete(ME)) == (409, "conflict")
