"""Users: oneself, and what an admin does with others."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .people import Host, Person

pytestmark = pytest.mark.auth


@pytest.mark.contract("users.me", "users.roles")
def test_a_user_sees_themselves(newcomer: Person) -> None:
    me = newcomer.me()
    assert set(me) == {"id", "email", "name", "role", "email_verified", "created_at"}
    assert (me["email"], me["role"]) == (newcomer.email, "user")


@pytest.mark.contract("users.me", "conventions.patch")
def test_a_user_changes_their_name(newcomer: Person) -> None:
    before = newcomer.me()
    for name in ("Ada", "Ångström 🍵"):
        answer = newcomer.patch("/users/me", {"name": name})
        assert answer.status_code == 200
        assert answer.json() == newcomer.me() == {**before, "name": name}
    assert newcomer.patch("/users/me", {}).json()["name"] == "Ångström 🍵"


@pytest.mark.contract("users.me", "errors.pointer")
@pytest.mark.parametrize("name", [1, True, [], {}, "x" * 5000, "a\0"])
def test_a_name_is_text(newcomer: Person, name: Any) -> None:
    expect_invalid(newcomer.patch("/users/me", {"name": name}), "#/name")


@pytest.mark.contract("users.delete-me", "tokens.at-once")
def test_a_user_ends_their_account(client: Client, newcomer: Person) -> None:
    elsewhere = newcomer.again()
    answer = newcomer.delete("/users/me")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not newcomer.has_access()
    assert not elsewhere.has_access()
    login = {"email": newcomer.email, "password": newcomer.password}
    expect_problem(client.post("/auth/login", login), 401, "invalid-credentials")
    refresh = {"refresh_token": newcomer.refresh_token}
    assert client.post("/auth/refresh", refresh).status_code == 401


@pytest.mark.contract("users.delete-me")
@pytest.mark.items
def test_an_account_with_objects_can_be_ended(newcomer: Person) -> None:
    assert newcomer.post("/items", {"title": "Left behind"}).status_code == 201
    assert newcomer.delete("/users/me").status_code == 204


@pytest.mark.contract("users.delete-me")
def test_an_address_can_be_used_again_after_its_account_ended(host: Host) -> None:
    first = host.person()
    old = first.me()
    assert first.delete("/users/me").status_code == 204
    again = host.person(first.email)
    assert again.me()["id"] != old["id"]


@pytest.mark.contract("users.delete-me", "input.never-5xx")
def test_an_account_may_be_ended_several_times_at_once(newcomer: Person) -> None:
    answers = newcomer.race([newcomer.message("DELETE", "/users/me") for _ in range(5)])
    statuses = {answer.status_code for answer in answers}
    assert 204 in statuses
    assert statuses <= {204, 401, 404}
    assert not newcomer.has_access()


@pytest.mark.contract("users.admin")
def test_an_admin_finds_and_reads_users(admin: Person, newcomer: Person) -> None:
    user = newcomer.me()
    page = admin.get("/users", params={"q": newcomer.email}).json()
    assert page["total"] == 1
    assert page["items"] == [{**user, "is_active": True}]
    assert admin.get(f"/users/{user['id']}").json() == page["items"][0]


@pytest.mark.contract("users.admin", "conventions.patch", "tokens.at-once")
def test_an_admin_gives_and_takes_a_role_at_once(admin: Person, newcomer: Person) -> None:
    path = f"/users/{newcomer.id}"
    assert admin.patch(path, {"role": "admin"}).json()["role"] == "admin"
    assert newcomer.get("/users").status_code == 200
    assert admin.patch(path, {"role": "user"}).json()["role"] == "user"
    expect_problem(newcomer.get("/users"), 403, "forbidden")


@pytest.mark.contract("users.admin")
def test_an_admin_renames_a_user(admin: Person, newcomer: Person) -> None:
    answer = admin.patch(f"/users/{newcomer.id}", {"name": "Renamed"})
    assert answer.status_code == 200
    assert newcomer.me()["name"] == answer.json()["name"] == "Renamed"


@pytest.mark.contract("users.admin", "errors.pointer", "users.roles")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "root"),
        ("role", None),
        ("role", ""),
        ("role", 1),
        ("role", ["admin"]),
        ("is_active", "x"),
        ("is_active", None),
        ("is_active", []),
        ("name", 1),
    ],
)
def test_an_admin_sets_no_nonsense(admin: Person, stranger: Person, field: str, value: Any) -> None:
    answer = admin.patch(f"/users/{stranger.id}", {field: value})
    expect_invalid(answer, f"#/{field}")


@pytest.mark.contract("users.admin", "errors.not-found")
def test_an_unknown_user_is_404(admin: Person) -> None:
    path = f"/users/{uuid.uuid4()}"
    expect_problem(admin.get(path), 404)
    expect_problem(admin.patch(path, {"name": "x"}), 404)


@pytest.mark.contract("users.deactivate", "tokens.at-once")
def test_deactivation_ends_access_at_once(client: Client, admin: Person, newcomer: Person) -> None:
    path = f"/users/{newcomer.id}"
    answer = admin.patch(path, {"is_active": False})
    assert (answer.status_code, answer.json()["is_active"]) == (200, False)
    assert not newcomer.has_access()
    refresh = {"refresh_token": newcomer.refresh_token}
    assert client.post("/auth/refresh", refresh).status_code == 401
    login = {"email": newcomer.email, "password": newcomer.password}
    expect_problem(client.post("/auth/login", login), 401, "invalid-credentials")
    assert admin.patch(path, {"is_active": True}).status_code == 200
    assert newcomer.again().has_access()


@pytest.mark.contract("users.roles")
def test_the_admin_of_the_command_is_an_admin(admin: Person) -> None:
    assert admin.me()["role"] == "admin"


@pytest.mark.contract("users.roles")
@pytest.mark.parametrize("password", ["admin", "password", "changeme", "admin123", ""])
def test_no_default_password_opens(client: Client, password: str) -> None:
    for email in ("admin@example.com", "admin@localhost", "root@localhost"):
        answer = client.post("/auth/login", {"email": email, "password": password})
        assert answer.status_code in (401, 422)


def _sole_admin(host: Host) -> tuple[Person, str]:
    """The admin of the command, after every other one has lost the role."""
    admin = host.admin()
    mine = admin.id
    others = admin.get("/users", params={"role": "admin", "size": 100}).json()["items"]
    for other in others:
        if other["id"] != mine:
            assert admin.patch(f"/users/{other['id']}", {"role": "user"}).status_code == 200
    return admin, f"/users/{mine}"


def _admins(admin: Person) -> int:
    page = admin.get("/users", params={"role": "admin", "is_active": "true"}).json()
    return int(page["total"])


@pytest.mark.contract("users.last-admin")
def test_the_last_admin_keeps_the_role(production: Host) -> None:
    admin, path = _sole_admin(production)
    for answer in (
        admin.patch(path, {"role": "user"}),
        admin.patch(path, {"is_active": False}),
        admin.delete("/users/me"),
    ):
        assert answer.status_code in (403, 409, 422), answer.text
    assert admin.has_access()
    assert _admins(admin) == 1


@pytest.mark.contract("users.last-admin")
def test_one_of_two_admins_may_lose_the_role(production: Host) -> None:
    admin, path = _sole_admin(production)
    second = production.person()
    admin.patch(f"/users/{second.id}", {"role": "admin"})
    assert admin.patch(path, {"role": "user"}).status_code == 200
    assert second.patch(path, {"role": "admin"}).status_code == 200


@pytest.mark.contract("users.last-admin")
def test_two_admins_demoted_at_once_leave_one(production: Host) -> None:
    first, path = _sole_admin(production)
    second = production.person()
    other = f"/users/{second.id}"
    for _ in range(5):
        assert first.patch(other, {"role": "admin"}).status_code == 200
        answers = first.race(
            [
                first.message("PATCH", other, json={"role": "user"}),
                second.message("PATCH", path, json={"role": "user"}),
            ]
        )
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] == 200
        assert statuses[1] in (403, 409, 422)
        if first.me()["role"] == "user":
            assert second.patch(path, {"role": "admin"}).status_code == 200
        assert _admins(first) >= 1
