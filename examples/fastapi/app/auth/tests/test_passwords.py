"""Passwords: forgotten, reset and changed."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Client, Response
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.auth import mails
from app.core.config import Settings
from app.users.models import User
from tests.helpers import PASSWORD, Mailbox, connect, invalid, problem, save_user, sign_in, token_in

FORGOT = "/api/v1/auth/password/forgot"
CHANGE = "/api/v1/auth/password/change"
ME = "/api/v1/users/me"
NEW = "another-long-one"


def reset(client: Client, token: str, password: str = NEW) -> Response:
    body = {"token": token, "new_password": password}
    return client.post("/api/v1/auth/password/reset", json=body)


def change(client: Client, current: str, new: str = NEW) -> Response:
    body = {"current_password": current, "new_password": new}
    return client.post(CHANGE, json=body)


def log_in(client: Client, password: str) -> int:
    body = {"email": "ann@example.com", "password": password}
    return client.post("/api/v1/auth/login", json=body).status_code


def test_forgot_answers_alike_and_emails_only_existing_accounts(
    anonymous: Client, db: Session, user: User, mailbox: Mailbox
) -> None:
    save_user(db, "gone@example.com", is_active=False)
    for email in ("nobody@example.com", "gone@example.com", user.email):
        response = anonymous.post(FORGOT, json={"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail["To"] for mail in mailbox.read()] == [user.email]


def test_reset_sets_the_password_once(anonymous: Client, user: User, mailbox: Mailbox) -> None:
    anonymous.post(FORGOT, json={"email": user.email})
    response = reset(anonymous, mailbox.token())
    assert (response.status_code, response.content) == (204, b"")
    assert log_in(anonymous, NEW) == 200
    assert log_in(anonymous, PASSWORD) == 401
    assert problem(reset(anonymous, mailbox.token())) == (400, "invalid-token")


def test_reset_ends_every_session(client: Client, other: Client, user: User) -> None:
    reset(client, token_in(mails.password_reset(user)))
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert other.get(ME).status_code == 200


def test_reset_link_is_invalid_after_another_change(client: Client, user: User) -> None:
    token = token_in(mails.password_reset(user))
    change(client, PASSWORD)
    assert problem(reset(client, token)) == (400, "invalid-token")


@pytest.mark.parametrize("changes", [{"email": "moved@example.com"}, {"is_active": False}])
def test_reset_link_is_invalid_after_a_change_of_the_account(
    anonymous: Client, db: Session, user: User, changes: dict[str, Any]
) -> None:
    token = token_in(mails.password_reset(user))
    db.execute(update(User).values(changes))
    db.commit()
    assert problem(reset(anonymous, token)) == (400, "invalid-token")


def test_reset_link_expires(
    anonymous: Client, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.reset_token_seconds == 3600
    monkeypatch.setattr(settings, "reset_token_seconds", -1)
    token = token_in(mails.password_reset(user))
    assert problem(reset(anonymous, token)) == (400, "invalid-token")


def test_change(client: Client) -> None:
    response = change(client, PASSWORD)
    assert (response.status_code, response.content) == (204, b"")
    assert log_in(client, NEW) == 200
    assert log_in(client, PASSWORD) == 401


def test_change_ends_the_other_sessions(
    app: FastAPI, client: Client, db: Session, user: User
) -> None:
    elsewhere = connect(app, sign_in(app, user).access_token)
    change(client, PASSWORD)
    assert client.get(ME).status_code == 200
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")


def test_change_needs_the_current_password(client: Client) -> None:
    assert problem(change(client, "wrong")) == (403, "wrong-password")
    assert log_in(client, PASSWORD) == 200


@pytest.mark.parametrize("password", ["7 chars", "long " * 26, "Password1", "long enough\0"])
def test_bad_password_is_refused(client: Client, user: User, password: str) -> None:
    token = token_in(mails.password_reset(user))
    assert invalid(reset(client, token, password)) == {"#/new_password"}
    assert invalid(change(client, PASSWORD, password)) == {"#/new_password"}
    assert log_in(client, PASSWORD) == 200
