"""Passwords: forgotten, reset and changed."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.helpers import (
    PASSWORD,
    Response,
    connect,
    invalid,
    problem,
    save_user,
    sign_in,
    token_in,
)

FORGOT = "/api/v1/auth/password/forgot"
CHANGE = "/api/v1/auth/password/change"
ME = "/api/v1/users/me"
NEW = "another-long-one"


@pytest.fixture
def token(anonymous: APIClient, user: User, mailoutbox: list[EmailMessage]) -> str:
    """The one that `user` was sent, having forgotten the password."""
    anonymous.post(FORGOT, {"email": user.email})
    return token_in(mailoutbox[-1])


def reset(client: APIClient, token: str, password: str = NEW) -> Response:
    body = {"token": token, "new_password": password}
    return client.post("/api/v1/auth/password/reset", body)


def change(client: APIClient, current: str, new: str = NEW) -> Response:
    return client.post(CHANGE, {"current_password": current, "new_password": new})


def log_in(client: APIClient, password: str) -> int:
    body = {"email": "ann@example.com", "password": password}
    return client.post("/api/v1/auth/login", body).status_code


def test_forgot_answers_alike_and_sends_only_to_active_users(
    anonymous: APIClient, user: User, mailoutbox: list[EmailMessage]
) -> None:
    save_user("gone@example.com", is_active=False)
    for email in ("nobody@example.com", "gone@example.com", user.email):
        response = anonymous.post(FORGOT, {"email": email.upper()})
        assert (response.status_code, response.content) == (202, b"")
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def test_reset_sets_the_password_once(anonymous: APIClient, token: str) -> None:
    response = reset(anonymous, token)
    assert (response.status_code, response.content) == (204, b"")
    assert log_in(anonymous, NEW) == 200
    assert log_in(anonymous, PASSWORD) == 401
    assert problem(reset(anonymous, token)) == (400, "invalid-token")


def test_reset_ends_every_session(api: APIClient, other: APIClient, token: str) -> None:
    reset(api, token)
    assert problem(api.get(ME)) == (401, "invalid-token")
    assert other.get(ME).status_code == 200


def test_reset_verifies_the_address(anonymous: APIClient, user: User, token: str) -> None:
    reset(anonymous, token)
    user.refresh_from_db()
    assert user.email_verified


def test_reset_link_is_invalid_after_another_change(api: APIClient, token: str) -> None:
    change(api, PASSWORD)
    assert problem(reset(api, token)) == (400, "invalid-token")


@pytest.mark.parametrize("changes", [{"email": "moved@example.com"}, {"is_active": False}])
def test_reset_link_is_invalid_after_a_change_of_the_account(
    anonymous: APIClient, token: str, changes: dict[str, Any]
) -> None:
    User.objects.update(**changes)
    assert problem(reset(anonymous, token)) == (400, "invalid-token")


def test_reset_link_expires(
    anonymous: APIClient, user: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    assert settings.RESET_TOKEN_SECONDS == 3600
    settings.RESET_TOKEN_SECONDS = -1
    anonymous.post(FORGOT, {"email": user.email})
    assert problem(reset(anonymous, token_in(mailoutbox[-1]))) == (400, "invalid-token")


def test_change(api: APIClient) -> None:
    response = change(api, PASSWORD)
    assert (response.status_code, response.content) == (204, b"")
    assert log_in(api, NEW) == 200
    assert log_in(api, PASSWORD) == 401


def test_change_ends_the_other_sessions(api: APIClient, user: User) -> None:
    elsewhere = connect(sign_in(user)["access_token"])
    change(api, PASSWORD)
    assert api.get(ME).status_code == 200
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")


def test_password_set_by_a_program_ends_every_session(api: APIClient, user: User) -> None:
    user.set_password(NEW)
    user.save()
    assert problem(api.get(ME)) == (401, "invalid-token")


def test_change_needs_the_current_password(api: APIClient) -> None:
    assert problem(change(api, "wrong")) == (403, "wrong-password")
    assert log_in(api, PASSWORD) == 200


@pytest.mark.parametrize("password", ["7 chars", "long " * 26, "Password1", "long enough\0"])
def test_bad_password_is_refused(api: APIClient, token: str, password: str) -> None:
    assert invalid(reset(api, token, password)) == {"#/new_password"}
    assert invalid(change(api, PASSWORD, password)) == {"#/new_password"}
    assert log_in(api, PASSWORD) == 200
