"""Verifying the email address: by a link that works once, for that address, for a day."""

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.helpers import Response, problem, save_user, token_in

RESEND = "/api/v1/auth/email/resend"


@pytest.fixture
def token(anonymous: APIClient, user: User, mailoutbox: list[EmailMessage]) -> str:
    """The one that `user` was sent."""
    anonymous.post(RESEND, {"email": user.email})
    return token_in(mailoutbox[-1])


def verify(client: APIClient, token: str) -> Response:
    return client.post("/api/v1/auth/email/verify", {"token": token})


def test_link_verifies_once(api: APIClient, token: str) -> None:
    response = verify(api, token)
    assert (response.status_code, response.content) == (204, b"")
    assert api.get("/api/v1/users/me").json()["email_verified"] is True
    assert problem(verify(api, token)) == (400, "invalid-token")


def test_link_is_bound_to_the_email(anonymous: APIClient, user: User, token: str) -> None:
    user.email = "moved@example.com"
    user.save()
    assert problem(verify(anonymous, token)) == (400, "invalid-token")


def test_link_is_bound_to_the_user(anonymous: APIClient, user: User, token: str) -> None:
    user.delete()
    save_user("ann@example.com")
    assert problem(verify(anonymous, token)) == (400, "invalid-token")


def test_link_expires(
    anonymous: APIClient, user: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    assert settings.EMAIL_TOKEN_SECONDS == 24 * 3600
    settings.EMAIL_TOKEN_SECONDS = -1
    anonymous.post(RESEND, {"email": user.email})
    assert problem(verify(anonymous, token_in(mailoutbox[-1]))) == (400, "invalid-token")


def test_resend_answers_alike_and_sends_only_to_unverified_users(
    anonymous: APIClient, user: User, mailoutbox: list[EmailMessage]
) -> None:
    save_user("verified@example.com", email_verified=True)
    save_user("gone@example.com", is_active=False)
    for email in ("nobody@example.com", "verified@example.com", "gone@example.com", user.email):
        response = anonymous.post(RESEND, {"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def test_longest_address_can_be_verified(
    anonymous: APIClient, mailoutbox: list[EmailMessage]
) -> None:
    email = f"{'a' * 64}@{'.'.join(['b' * 59] * 3)}.example"
    save_user(email)
    anonymous.post(RESEND, {"email": email})
    assert verify(anonymous, token_in(mailoutbox[-1])).status_code == 204
