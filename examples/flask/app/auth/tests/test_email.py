"""Email verification: the link works once, for one address, for a day."""

import json
from io import StringIO

import pytest
from apiflask import APIFlask
from httpx2 import Client, Response
from sqlalchemy.orm import Session

from app.auth import mails, tokens
from app.core.config import Settings
from app.users.models import User
from tests.helpers import Mailbox, finish_jobs, problem, save_user, token_in

RESEND = "/api/v1/auth/email/resend"


def verify(client: Client, token: str) -> Response:
    return client.post("/api/v1/auth/email/verify", json={"token": token})


def test_link_verifies_once(client: Client, db: Session, user: User, mailbox: Mailbox) -> None:
    client.post(RESEND, json={"email": user.email})
    response = verify(client, mailbox.token())
    assert (response.status_code, response.content) == (204, b"")
    assert client.get("/api/v1/users/me").json()["email_verified"] is True
    assert problem(verify(client, mailbox.token())) == (400, "invalid-token")


def test_link_is_bound_to_the_email(anonymous: Client, db: Session, user: User) -> None:
    token = token_in(mails.verification(user))
    user.email = "moved@example.com"
    db.commit()
    assert problem(verify(anonymous, token)) == (400, "invalid-token")


def test_link_is_bound_to_the_user(anonymous: Client, db: Session, user: User) -> None:
    token = token_in(mails.verification(user))
    db.delete(user)
    db.commit()
    save_user(db, user.email)
    assert problem(verify(anonymous, token)) == (400, "invalid-token")


def test_link_expires(
    anonymous: Client, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.email_token_seconds == 24 * 3600
    monkeypatch.setattr(settings, "email_token_seconds", -1)
    token = token_in(mails.verification(user))
    assert problem(verify(anonymous, token)) == (400, "invalid-token")


def test_resend_answers_alike_and_emails_only_unverified_accounts(
    anonymous: Client, db: Session, user: User, mailbox: Mailbox
) -> None:
    save_user(db, "verified@example.com", email_verified=True)
    save_user(db, "gone@example.com", is_active=False)
    for email in ("nobody@example.com", "verified@example.com", "gone@example.com", user.email):
        response = anonymous.post(RESEND, json={"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail["To"] for mail in mailbox.read()] == [user.email]


def test_failed_email_is_logged_with_the_request_id(
    anonymous: Client,
    user: User,
    settings: Settings,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "mail_url", "smtp://127.0.0.1:1")
    anonymous.post(RESEND, json={"email": user.email}, headers={"X-Request-ID": "mine"})
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["request_id"] for line in lines if line["event"] == "email not sent"] == ["mine"]


def test_longest_token_fits_its_field(user: User) -> None:
    longest = User(id=user.id, email=f"{'a' * 64}@{'b' * 180}.example", password_hash="")
    assert len(token_in(mails.verification(longest))) <= 1000
    assert tokens.read("verify-email", token_in(mails.verification(longest)))


def test_email_is_sent_after_the_response(app: APIFlask, user: User, mailbox: Mailbox) -> None:
    answer = app.test_client().post(RESEND, json={"email": user.email})
    assert answer.status_code == 202
    assert mailbox.read() == []
    answer.close()
    finish_jobs()
    assert len(mailbox.read()) == 1


def test_failed_job_is_logged_with_the_request_id(
    anonymous: Client, user: User, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_user: User) -> None:
        raise RuntimeError("a reason for the log")

    monkeypatch.setattr(mails, "verification", fail)
    body = {"email": user.email}
    response = anonymous.post(RESEND, json=body, headers={"X-Request-ID": "mine"})
    assert response.status_code == 202
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["event"], line["request_id"]) == ("background job failed", "mine")
    assert "a reason for the log" in line["exception"]
