"""Passwords: forgotten, reset and changed."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import mails
from app.core.config import Settings
from app.users.models import User
from tests.helpers import PASSWORD, Mailbox, connect, invalid, problem, save_user, sign_in, token_in

FORGOT = "/api/v1/auth/password/forgot"
CHANGE = "/api/v1/auth/password/change"
ME = "/api/v1/users/me"
NEW = "another-long-one"


async def reset(client: AsyncClient, token: str, password: str = NEW) -> Response:
    body = {"token": token, "new_password": password}
    return await client.post("/api/v1/auth/password/reset", json=body)


async def change(client: AsyncClient, current: str, new: str = NEW) -> Response:
    body = {"current_password": current, "new_password": new}
    return await client.post(CHANGE, json=body)


async def log_in(client: AsyncClient, password: str) -> int:
    body = {"email": "ann@example.com", "password": password}
    return (await client.post("/api/v1/auth/login", json=body)).status_code


async def test_forgot_answers_alike_and_mails_only_who_has_an_account(
    anonymous: AsyncClient, db: AsyncSession, user: User, mailbox: Mailbox
) -> None:
    await save_user(db, "gone@example.com", is_active=False)
    for email in ("nobody@example.com", "gone@example.com", user.email):
        response = await anonymous.post(FORGOT, json={"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail["To"] for mail in mailbox.read()] == [user.email]


async def test_reset_sets_the_password_once(
    anonymous: AsyncClient, user: User, mailbox: Mailbox
) -> None:
    await anonymous.post(FORGOT, json={"email": user.email})
    response = await reset(anonymous, mailbox.token())
    assert (response.status_code, response.content) == (204, b"")
    assert await log_in(anonymous, NEW) == 200
    assert await log_in(anonymous, PASSWORD) == 401
    assert problem(await reset(anonymous, mailbox.token())) == (400, "invalid-token")


async def test_reset_ends_every_session(
    client: AsyncClient, other: AsyncClient, user: User
) -> None:
    await reset(client, token_in(mails.password_reset(user)))
    assert problem(await client.get(ME)) == (401, "invalid-token")
    assert (await other.get(ME)).status_code == 200


async def test_reset_link_is_void_after_another_change(client: AsyncClient, user: User) -> None:
    token = token_in(mails.password_reset(user))
    await change(client, PASSWORD)
    assert problem(await reset(client, token)) == (400, "invalid-token")


@pytest.mark.parametrize("changes", [{"email": "moved@example.com"}, {"is_active": False}])
async def test_reset_link_is_void_after_a_change_of_the_account(
    anonymous: AsyncClient, db: AsyncSession, user: User, changes: dict[str, Any]
) -> None:
    token = token_in(mails.password_reset(user))
    await db.execute(update(User).values(changes))
    await db.commit()
    assert problem(await reset(anonymous, token)) == (400, "invalid-token")


async def test_reset_link_expires(
    anonymous: AsyncClient, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.reset_token_seconds == 3600
    monkeypatch.setattr(settings, "reset_token_seconds", -1)
    token = token_in(mails.password_reset(user))
    assert problem(await reset(anonymous, token)) == (400, "invalid-token")


async def test_change(client: AsyncClient) -> None:
    response = await change(client, PASSWORD)
    assert (response.status_code, response.content) == (204, b"")
    assert await log_in(client, NEW) == 200
    assert await log_in(client, PASSWORD) == 401


async def test_change_ends_the_other_sessions(
    app: FastAPI, client: AsyncClient, db: AsyncSession, user: User
) -> None:
    elsewhere = connect(app, (await sign_in(db, user)).access_token)
    await change(client, PASSWORD)
    assert (await client.get(ME)).status_code == 200
    assert problem(await elsewhere.get(ME)) == (401, "invalid-token")


async def test_change_needs_the_current_password(client: AsyncClient) -> None:
    assert problem(await change(client, "wrong")) == (403, "wrong-password")
    assert await log_in(client, PASSWORD) == 200


async def test_bad_password_is_refused(client: AsyncClient, user: User) -> None:
    token = token_in(mails.password_reset(user))
    assert invalid(await reset(client, token, "Password1")) == {"#/new_password"}
    assert invalid(await change(client, PASSWORD, "Password1")) == {"#/new_password"}
    assert await log_in(client, PASSWORD) == 200
