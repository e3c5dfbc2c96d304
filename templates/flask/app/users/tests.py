"""Users over HTTP: one's own account, and all of them for administrators."""

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from app.auth.models import AuthSession
from app.core.pagination import PageQuery, paginate
from app.users.models import User
from tests.helpers import PASSWORD, UNKNOWN, invalid, problem, save_user, sign_in

URL = "/api/v1/users"
ME = "/api/v1/users/me"


def list_emails(admin: FlaskClient, **query: Any) -> list[str]:
    response = admin.get(URL, query_string=query)
    assert response.status_code == 200, response.text
    return [user["email"] for user in response.get_json()["items"]]


def test_own_account(client: FlaskClient, user: User) -> None:
    assert client.get(ME).get_json() == {
        "id": str(user.id),
        "email": "ann@example.com",
        "name": None,
        "role": "user",
        "email_verified": False,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


def test_own_name(client: FlaskClient) -> None:
    assert client.patch(ME, json={"name": "Ann"}).get_json()["name"] == "Ann"
    assert client.get(ME).get_json()["name"] == "Ann"
    assert client.patch(ME, json={"name": None}).get_json()["name"] is None


def test_total_counts_what_the_query_finds(app: APIFlask, user: User) -> None:
    sign_in(app, user)
    sign_in(app, user)
    users = select(User).join(AuthSession, AuthSession.user_id == User.id).order_by(User.name)
    with app.app_context():
        rows = paginate(users.distinct(), PageQuery(), sort="email")
    assert (len(rows.items), rows.total) == (1, 1)


def test_account_that_is_deleted_meanwhile(client: FlaskClient, user: User) -> None:
    def delete_it(session: Session, *_: Any) -> None:
        session.connection().execute(delete(User).where(User.id == user.id))

    event.listen(Session, "before_flush", delete_it, once=True)
    assert problem(client.patch(ME, json={"name": "Ann"})) == (409, "conflict")


@pytest.mark.parametrize("name", ["", "n" * 201, "\0", 1])
def test_bad_name_is_refused(client: FlaskClient, name: Any) -> None:
    assert invalid(client.patch(ME, json={"name": name})) == {"#/name"}


def test_nothing_else_of_the_own_account_can_be_set(
    client: FlaskClient, db: Session, user: User
) -> None:
    before = client.get(ME).get_json()
    forbidden = {"id": UNKNOWN, "email": "new@example.com", "role": "admin", "is_active": False}
    response = client.patch(ME, json=forbidden | {"email_verified": True})
    assert response.get_json() == before
    assert client.get(ME).get_json() == before


def test_delete_own_account(client: FlaskClient, db: Session) -> None:
    response = client.delete(ME)
    assert (response.status_code, response.data) == (204, b"")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert db.scalar(select(func.count(User.id))) == 0
    assert db.scalar(select(func.count(AuthSession.id))) == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", URL), ("GET", f"{URL}/{UNKNOWN}"), ("PATCH", f"{URL}/{UNKNOWN}")]
)
def test_users_may_not(client: FlaskClient, method: str, path: str) -> None:
    assert problem(client.open(path, method=method, json={})) == (403, "forbidden")


def test_admin_sees_who_is_active(admin: FlaskClient, user: User) -> None:
    seen = admin.get(f"{URL}/{user.id}").get_json()
    assert seen.keys() >= {"id", "email", "name", "role", "email_verified", "created_at"}
    assert seen["is_active"] is True
    assert seen in admin.get(URL).get_json()["items"]


def test_list(admin: FlaskClient, db: Session) -> None:
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
def test_bad_query_is_refused(admin: FlaskClient, parameter: str) -> None:
    assert invalid(admin.get(URL, query_string={parameter: "nonsense"})) == {parameter}


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_unknown_user(admin: FlaskClient, method: str) -> None:
    response = admin.open(f"{URL}/{UNKNOWN}", method=method, json={})
    assert problem(response) == (404, "about:blank")


def test_admin_changes_a_user(admin: FlaskClient, client: FlaskClient, user: User) -> None:
    changes = {"role": "admin", "name": "Ann"}
    response = admin.patch(f"{URL}/{user.id}", json=changes)
    assert response.get_json().items() >= changes.items()
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"), [("role", "boss"), ("role", None), ("is_active", None), ("name", "")]
)
def test_bad_change_is_refused(admin: FlaskClient, user: User, field: str, value: Any) -> None:
    response = admin.patch(f"{URL}/{user.id}", json={field: value})
    assert invalid(response) == {f"#/{field}"}


def test_admin_sets_neither_address_nor_password(admin: FlaskClient, user: User) -> None:
    before = admin.get(f"{URL}/{user.id}").get_json()
    body = {"email": "new@example.com", "email_verified": True, "password_hash": "", "id": UNKNOWN}
    assert admin.patch(f"{URL}/{user.id}", json=body).get_json() == before


def test_deactivation_ends_the_sessions(
    admin: FlaskClient, client: FlaskClient, user: User
) -> None:
    url = f"{URL}/{user.id}"
    assert admin.patch(url, json={"is_active": False}).get_json()["is_active"] is False
    assert problem(client.get(ME)) == (401, "invalid-token")
    admin.patch(url, json={"is_active": True})
    assert problem(client.get(ME)) == (401, "invalid-token")
    body = {"email": user.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/login", json=body).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_last_admin_stays(admin: FlaskClient, change: dict[str, Any]) -> None:
    url = f"{URL}/{admin.get(ME).get_json()['id']}"
    assert problem(admin.patch(url, json=change)) == (409, "conflict")
    assert problem(admin.delete(ME)) == (409, "conflict")
    assert admin.patch(url, json={"role": "admin", "name": "Eve"}).status_code == 200


def test_last_but_one_admin_may_go(admin: FlaskClient, db: Session) -> None:
    save_user(db, "second@example.com", role="admin")
    assert admin.delete(ME).status_code == 204


def test_deactivated_admin_does_not_count(admin: FlaskClient, db: Session) -> None:
    save_user(db, "second@example.com", role="admin", is_active=False)
    assert problem(admin.delete(ME)) == (409, "conflict")
