"""Users over HTTP: one's own account, and all of them for administrators."""

from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import delete, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.auth.models import AuthSession
from app.core.pagination import PageQuery, paginate
from app.users.models import User
from tests.helpers import PASSWORD, invalid, problem, save_user, sign_in

URL = "/api/v1/users"
ME = "/api/v1/users/me"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


async def list_emails(admin: AsyncClient, **query: Any) -> list[str]:
    response = await admin.get(URL, params=query)
    assert response.status_code == 200, response.text
    return [user["email"] for user in response.json()["items"]]


async def test_own_account(client: AsyncClient, user: User) -> None:
    assert (await client.get(ME)).json() == {
        "id": str(user.id),
        "email": "ann@example.com",
        "name": None,
        "role": "user",
        "email_verified": False,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


async def test_own_name(client: AsyncClient) -> None:
    assert (await client.patch(ME, json={"name": "Ann"})).json()["name"] == "Ann"
    assert (await client.get(ME)).json()["name"] == "Ann"
    assert (await client.patch(ME, json={"name": None})).json()["name"] is None


async def test_total_counts_what_the_query_finds(db: AsyncSession, user: User) -> None:
    await sign_in(db, user)
    await sign_in(db, user)
    users = select(User).join(AuthSession, AuthSession.user_id == User.id).order_by(User.name)
    rows = await paginate(db, users.distinct(), PageQuery(), sort="email")
    assert (len(rows.items), rows.total) == (1, 1)
    rows = await paginate(db, users.distinct(), PageQuery(page=2), sort="email")
    assert (len(rows.items), rows.total) == (0, 1)


async def test_account_that_is_deleted_in_the_meantime(client: AsyncClient, user: User) -> None:
    def delete_it(session: Session, *_: Any) -> None:
        session.connection().execute(delete(User).where(User.id == user.id))

    event.listen(Session, "before_flush", delete_it, once=True)
    assert problem(await client.patch(ME, json={"name": "Ann"})) == (409, "conflict")


@pytest.mark.parametrize("name", ["", "n" * 201, "\0", 1])
async def test_bad_name_is_refused(client: AsyncClient, name: Any) -> None:
    assert invalid(await client.patch(ME, json={"name": name})) == {"#/name"}


async def test_nothing_else_of_the_own_account_can_be_set(
    client: AsyncClient, db: AsyncSession, user: User
) -> None:
    before = (await client.get(ME)).json()
    forbidden = {"id": UNKNOWN, "email": "new@example.com", "role": "admin", "is_active": False}
    response = await client.patch(ME, json=forbidden | {"email_verified": True})
    assert response.json() == before
    assert (await client.get(ME)).json() == before


async def test_delete_own_account(client: AsyncClient, db: AsyncSession) -> None:
    response = await client.delete(ME)
    assert (response.status_code, response.content) == (204, b"")
    assert problem(await client.get(ME)) == (401, "invalid-token")
    assert await db.scalar(select(func.count(User.id))) == 0
    assert await db.scalar(select(func.count(AuthSession.id))) == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", URL), ("GET", f"{URL}/{UNKNOWN}"), ("PATCH", f"{URL}/{UNKNOWN}")]
)
async def test_users_may_not(client: AsyncClient, method: str, path: str) -> None:
    assert problem(await client.request(method, path, json={})) == (403, "forbidden")


async def test_admin_sees_who_is_active(admin: AsyncClient, user: User) -> None:
    seen = (await admin.get(f"{URL}/{user.id}")).json()
    assert seen.keys() >= {"id", "email", "name", "role", "email_verified", "created_at"}
    assert seen["is_active"] is True
    assert seen in (await admin.get(URL)).json()["items"]


async def test_list(admin: AsyncClient, db: AsyncSession) -> None:
    await save_user(db, "a@example.com", name="Tea 100%", email_verified=True)
    await save_user(db, "b@example.com", name="Tea 1000", is_active=False)
    assert await list_emails(admin) == ["b@example.com", "a@example.com", "eve@example.com"]
    assert await list_emails(admin, sort="email", size=1, page=2) == ["b@example.com"]
    assert await list_emails(admin, q="tEA 100%") == ["a@example.com"]
    assert await list_emails(admin, q="B@EXAMPLE") == ["b@example.com"]
    assert await list_emails(admin, role="admin") == ["eve@example.com"]
    assert await list_emails(admin, is_active=False) == ["b@example.com"]
    assert await list_emails(admin, email_verified=True) == ["a@example.com"]


@pytest.mark.parametrize("parameter", ["page", "size", "sort", "role", "is_active"])
async def test_bad_query_is_refused(admin: AsyncClient, parameter: str) -> None:
    assert invalid(await admin.get(URL, params={parameter: "nonsense"})) == {parameter}


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_unknown_user(admin: AsyncClient, method: str) -> None:
    response = await admin.request(method, f"{URL}/{UNKNOWN}", json={})
    assert problem(response) == (404, "about:blank")


async def test_admin_changes_a_user(admin: AsyncClient, client: AsyncClient, user: User) -> None:
    changes = {"role": "admin", "name": "Ann"}
    response = await admin.patch(f"{URL}/{user.id}", json=changes)
    assert response.json().items() >= changes.items()
    assert (await client.get(URL)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"), [("role", "boss"), ("role", None), ("is_active", None), ("name", "")]
)
async def test_bad_change_is_refused(
    admin: AsyncClient, user: User, field: str, value: Any
) -> None:
    response = await admin.patch(f"{URL}/{user.id}", json={field: value})
    assert invalid(response) == {f"#/{field}"}


async def test_admin_sets_neither_address_nor_password(admin: AsyncClient, user: User) -> None:
    before = (await admin.get(f"{URL}/{user.id}")).json()
    body = {"email": "new@example.com", "email_verified": True, "password_hash": "", "id": UNKNOWN}
    assert (await admin.patch(f"{URL}/{user.id}", json=body)).json() == before


async def test_deactivation_ends_the_sessions(
    admin: AsyncClient, client: AsyncClient, user: User
) -> None:
    url = f"{URL}/{user.id}"
    assert (await admin.patch(url, json={"is_active": False})).json()["is_active"] is False
    assert problem(await client.get(ME)) == (401, "invalid-token")
    await admin.patch(url, json={"is_active": True})
    assert problem(await client.get(ME)) == (401, "invalid-token")
    body = {"email": user.email, "password": PASSWORD}
    assert (await client.post("/api/v1/auth/login", json=body)).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
async def test_last_admin_stays(admin: AsyncClient, change: dict[str, Any]) -> None:
    url = f"{URL}/{(await admin.get(ME)).json()['id']}"
    assert problem(await admin.patch(url, json=change)) == (409, "conflict")
    assert problem(await admin.delete(ME)) == (409, "conflict")
    assert (await admin.patch(url, json={"role": "admin", "name": "Eve"})).status_code == 200


async def test_last_but_one_admin_may_go(admin: AsyncClient, db: AsyncSession) -> None:
    await save_user(db, "second@example.com", role="admin")
    assert (await admin.delete(ME)).status_code == 204


async def test_deactivated_admin_does_not_count(admin: AsyncClient, db: AsyncSession) -> None:
    await save_user(db, "second@example.com", role="admin", is_active=False)
    assert problem(await admin.delete(ME)) == (409, "conflict")
