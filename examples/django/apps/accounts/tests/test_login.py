"""Logging in: a token pair for the right password, and no hint for any other."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import Signal
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import Session, User
from tests.helpers import PASSWORD, connect, problem, sign_in

URL = "/api/v1/auth/login"
ME = "/api/v1/users/me"
ANN = {"email": "ann@example.com", "password": PASSWORD}
FORM_URL = "/api/v1/auth/token"
FORM = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD}


def test_token_pair(anonymous: APIClient, user: User) -> None:
    response = anonymous.post(URL, ANN)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    pair = response.json()
    assert pair.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    assert connect(pair["access_token"]).get(ME).json()["email"] == user.email


@pytest.mark.usefixtures("user")
def test_email_is_case_insensitive(anonymous: APIClient) -> None:
    response = anonymous.post(URL, ANN | {"email": "Ann@EXAMPLE.com"})
    assert response.status_code == 200


def test_form_starts_a_session_too(anonymous: APIClient, user: User) -> None:
    pair = post_form(anonymous, FORM).json()
    assert connect(pair["access_token"]).get(ME).json()["email"] == user.email


@pytest.mark.usefixtures("user")
def test_form_with_a_wrong_password(anonymous: APIClient) -> None:
    response = post_form(anonymous, FORM | {"password": "wrong"})
    assert problem(response) == (401, "invalid-credentials")


def test_form_names_its_wrong_field(anonymous: APIClient) -> None:
    response = post_form(anonymous, FORM | {"grant_type": "implicit"})
    assert problem(response) == (422, "validation-error")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/grant_type"]


def test_json_is_no_form(anonymous: APIClient) -> None:
    assert problem(anonymous.post(FORM_URL, FORM)) == (415, "about:blank")


def post_form(client: APIClient, form: dict[str, str]) -> Any:
    return client.post(FORM_URL, urlencode(form), content_type="application/x-www-form-urlencoded")


def test_unverified_user_can_log_in(anonymous: APIClient, user: User) -> None:
    assert not user.email_verified
    assert anonymous.post(URL, ANN).status_code == 200


@pytest.mark.usefixtures("user")
def test_wrong_password_and_unknown_address_look_alike(anonymous: APIClient) -> None:
    wrong = anonymous.post(URL, ANN | {"password": "wrong"})
    unknown = anonymous.post(URL, ANN | {"email": "nobody@example.com"})
    assert problem(wrong) == problem(unknown) == (401, "invalid-credentials")
    assert wrong.json() == unknown.json()
    assert wrong.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
def test_every_attempt_computes_one_hash(
    anonymous: APIClient, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    hasher = get_hasher()
    encode, verify = Mock(wraps=hasher.encode), Mock(wraps=hasher.verify)
    monkeypatch.setattr(hasher, "encode", encode)
    monkeypatch.setattr(hasher, "verify", verify)
    anonymous.post(URL, {"email": email, "password": "wrong"})
    assert encode.call_count + verify.call_count == 1


def test_password_is_not_logged(anonymous: APIClient, log: StringIO) -> None:
    anonymous.post(URL, ANN | {"password": "hunter2"})
    assert URL in log.getvalue()
    assert "hunter2" not in log.getvalue()


def test_deactivated_user_cannot_log_in(anonymous: APIClient, user: User) -> None:
    user.is_active = False
    user.save()
    assert problem(anonymous.post(URL, ANN)) == (401, "invalid-credentials")


def test_outdated_hash_is_replaced(anonymous: APIClient, user: User) -> None:
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save()
    assert anonymous.post(URL, ANN).status_code == 200
    user.refresh_from_db()
    assert user.password.startswith("argon2")


def test_login_is_signalled_and_remembered(anonymous: APIClient, user: User) -> None:
    with watch(user_logged_in) as seen:
        anonymous.post(URL, ANN)
    assert seen == [user]
    user.refresh_from_db()
    assert user.last_login


@pytest.mark.usefixtures("user")
def test_failed_login_is_signalled(anonymous: APIClient) -> None:
    with watch(user_login_failed) as seen:
        anonymous.post(URL, ANN | {"password": "wrong"})
    assert len(seen) == 1


@contextmanager
def watch(sent: Signal) -> Iterator[list[User | None]]:
    """Collect the users of a signal."""
    seen: list[User | None] = []

    def see(user: User | None = None, **_: Any) -> None:
        seen.append(user)

    sent.connect(see)
    yield seen
    sent.disconnect(see)


@pytest.mark.usefixtures("user")
def test_session_records_ip_and_user_agent(anonymous: APIClient) -> None:
    anonymous.post(URL, ANN, headers={"User-Agent": "Browser " * 100})
    session = Session.objects.get()
    assert (session.ip, len(session.user_agent)) == ("127.0.0.1", 200)


def test_login_deletes_expired_sessions(user: User) -> None:
    sign_in(user)
    Session.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    sign_in(user)
    assert Session.objects.count() == 1


def test_refresh_token_is_not_stored(token_pair: dict[str, str]) -> None:
    row = Session.objects.values().get()
    assert token_pair["refresh_token"] not in map(str, row.values())
    assert len(row["refresh_hash"]) == 64
