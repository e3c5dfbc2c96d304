"""Verifying the e-mail address: by a link that works once, for that address, for a day."""

import json
from io import StringIO

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import mails
from app.core.config import Settings
from app.users.models import User
from tests.helpers import Mailbox, problem, save_user, token_in

RESEND = "/api/v1/auth/email/resend"


async def verify(client: AsyncClient, token: str) -> Response:
    return await client.post("/api/v1/auth/email/verify", json={"token": token})


async def test_link_verifies_once(
    client: AsyncClient, db: AsyncSession, user: User, mailbox: Mailbox
) -> None:
    await client.post(RESEND, json={"email": user.email})
    response = await verify(client, mailbox.token())
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get("/api/v1/users/me")).json()["email_verified"] is True
    assert problem(await verify(client, mailbox.token())) == (400, "invalid-token")


async def test_link_is_for_that_address(
    anonymous: AsyncClient, db: AsyncSession, user: User
) -> None:
    token = token_in(mails.verification(user))
    user.email = "moved@example.com"
    await db.commit()
    assert problem(await verify(anonymous, token)) == (400, "invalid-token")


async def test_link_is_for_that_user(anonymous: AsyncClient, db: AsyncSession, user: User) -> None:
    token = token_in(mails.verification(user))
    await db.delete(user)
    await db.commit()
    await save_user(db, user.email)
    assert problem(await verify(anonymous, token)) == (400, "invalid-token")


async def test_link_expires(
    anonymous: AsyncClient, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.email_token_seconds == 24 * 3600
    monkeypatch.setattr(settings, "email_token_seconds", -1)
    token = token_in(mails.verification(user))
    assert problem(await verify(anonymous, token)) == (400, "invalid-token")


async def test_resend_answers_alike_and_mails_only_who_waits_for_it(
    anonymous: AsyncClient, db: AsyncSession, user: User, mailbox: Mailbox
) -> None:
    await save_user(db, "verified@example.com", email_verified=True)
    await save_user(db, "gone@example.com", is_active=False)
    for email in ("nobody@example.com", "verified@example.com", "gone@example.com", user.email):
        response = await anonymous.post(RESEND, json={"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail["To"] for mail in mailbox.read()] == [user.email]


async def test_lost_mail_is_logged_with_the_request(
    anonymous: AsyncClient,
    user: User,
    settings: Settings,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "mail_url", "smtp://127.0.0.1:1")
    headers = {"X-Request-ID": "mine"}
    await anonymous.post(RESEND, json={"email": user.email}, headers=headers)
    lost = [json.loads(line) for line in log.getvalue().splitlines() if "email not sent" in line]
    assert [line["request_id"] for line in lost] == ["mine"]
