"""Users over HTTP: your own account, and all accounts for administrators."""

from typing import Any

import pytest
from httpx2 import Client
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from app.auth.models import AuthSession
from app.users.models import User
from tests.helpers import PASSWORD, UNKNOWN, invalid, problem, save_user

URL = "/api/v1/users"
ME = "/api/v1/users/me"


def list_emails(admin: Client, **query: Any) -> list[str]:
    response = admin.get(URL, params=query)
    assert response.status_code == 200, response.text
    return [user["email"] for user in response.json()["items"]]


def test_own_account(client: Client, user: User) -> None:
    assert client.get(ME).json() == {
        "id": str(user.id),
        "email": "ann@example.com",
        "name": None,
        "role": "user",
        "email_verified": False,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


def test_change_own_name(client: Client) -> None:
    assert client.patch(ME, json={"name": "Ann"}).json()["name"] == "Ann"
    assert client.get(ME).json()["name"] == "Ann"
    assert client.patch(ME, json={"name": None}).json()["name"] is None


def test_update_of_a_concurrently_deleted_account(client: Client, user: User) -> None:
    def delete_it(session: Session, *_: Any) -> None:
        session.connection().execute(delete(User).where(User.id == user.id))

    event.listen(Session, "before_flush", delete_it, once=True)
    assert problem(client.patch(ME, json={"name": "Ann"})) == (409, "conflict")


@pytest.mark.parametrize("name", ["", "n" * 201, "\0", 1])
def test_bad_name_is_refused(client: Client, name: Any) -> None:
    assert invalid(client.patch(ME, json={"name": name})) == {"#/name"}


def test_read_only_fields_of_own_account_are_ignored(
    client: Client, db: Session, user: User
) -> None:
    before = client.get(ME).json()
    forbidden = {"id": UNKNOWN, "email": "new@example.com", "role": "admin", "is_active": False}
    response = client.patch(ME, json=forbidden | {"email_verified": True})
    assert response.json() == before
    assert client.get(ME).json() == before


def test_delete_own_account(client: Client, db: Session) -> None:
    response = client.delete(ME)
    assert (response.status_code, response.content) == (204, b"")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert db.scalar(select(func.count(User.id))) == 0
    assert db.scalar(select(func.count(AuthSession.id))) == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", URL), ("GET", f"{URL}/{UNKNOWN}"), ("PATCH", f"{URL}/{UNKNOWN}")]
)
def test_users_cannot_use_admin_routes(client: Client, method: str, path: str) -> None:
    assert problem(client.request(method, path, json={})) == (403, "forbidden")


def test_admin_sees_who_is_active(admin: Client, user: User) -> None:
    seen = admin.get(f"{URL}/{user.id}").json()
    assert seen.keys() >= {"id", "email", "name", "role", "email_verified", "created_at"}
    assert seen["is_active"] is True
    assert seen in admin.get(URL).json()["items"]


def test_list(admin: Client, db: Session) -> None:
    save_user(db, "a@example.com", name="Tea 100%", email_verified=True)
    save_user(db, "b@example.com", name="Tea 1000", is_active=False)
    assert list_emails(admin) == ["b@example.com", "a@example.com", "eve@example.com"]
    assert list_emails(admin, sort="email", size=1, page=2) == ["b@example.com"]
    assert list_emails(admin, q="tEA 100%") == ["a@example.com"]
    assert list_emails(admin, q="B@EXAMPLE") == ["b@example.com"]
    assert list_emails(admin, role="admin") == ["eve@example.com"]
    assert list_emails(admin, is_active=False) == ["b@example.com"]
    assert list_emails(admin, email_verified=True) == ["a@example.com"]


@pytest.mark.parametrize("parameter", ["page", "size", "sort", "role", "is_active"])
def test_bad_query_is_refused(admin: Client, parameter: str) -> None:
    assert invalid(admin.get(URL, params={parameter: "nonsense"})) == {parameter}


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_unknown_user(admin: Client, method: str) -> None:
    response = admin.request(method, f"{URL}/{UNKNOWN}", json={})
    assert problem(response) == (404, "about:blank")


def test_admin_changes_a_user(admin: Client, client: Client, user: User) -> None:
    changes = {"role": "admin", "name": "Ann"}
    response = admin.patch(f"{URL}/{user.id}", json=changes)
    assert response.json().items() >= changes.items()
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"), [("role", "boss"), ("role", None), ("is_active", None), ("name", "")]
)
def test_bad_change_is_refused(admin: Client, user: User, field: str, value: Any) -> None:
    response = admin.patch(f"{URL}/{user.id}", json={field: value})
    assert invalid(response) == {f"#/{field}"}


def test_admin_cannot_set_email_or_password(admin: Client, user: User) -> None:
    before = admin.get(f"{URL}/{user.id}").json()
    body = {"email": "new@example.com", "email_verified": True, "password_hash": "", "id": UNKNOWN}
    assert admin.patch(f"{URL}/{user.id}", json=body).json() == before


def test_deactivation_ends_the_sessions(admin: Client, client: Client, user: User) -> None:
    url = f"{URL}/{user.id}"
    assert admin.patch(url, json={"is_active": False}).json()["is_active"] is False
    assert problem(client.get(ME)) == (401, "invalid-token")
    admin.patch(url, json={"is_active": True})
    assert problem(client.get(ME)) == (401, "invalid-token")
    body = {"email": user.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/login", json=body).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_last_admin_cannot_be_removed(admin: Client, change: dict[str, Any]) -> None:
    url = f"{URL}/{admin.get(ME).json()['id']}"
    assert problem(admin.patch(url, json=change)) == (409, "conflict")
    assert problem(admin.delete(ME)) == (409, "conflict")
    assert admin.patch(url, json={"role": "admin", "name": "Eve"}).status_code == 200


def test_other_admin_can_be_removed(admin: Client, db: Session) -> None:
    save_user(db, "second@example.com", role="admin")
    assert admin.delete(ME).status_code == 204


def test_deactivated_admin_does_not_count(admin: Client, db: Session) -> None:
    save_user(db, "second@example.com", role="admin", is_active=False)
    assert problem(admin.delete(ME)) == (409, "conflict")
