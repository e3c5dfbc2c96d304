"""Login: a token pair for the right password, and no hint after a wrong one."""

import datetime as dt
from unittest.mock import Mock

import pytest
from fastapi import FastAPI
from httpx2 import Client
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth import passwords
from app.auth.models import AuthSession
from app.auth.schemas import TokenPair
from app.core.database import now
from app.users.models import User
from tests.helpers import PASSWORD, problem, sign_in

URL = "/api/v1/auth/login"
ME = "/api/v1/users/me"
ANN = {"email": "ann@example.com", "password": PASSWORD}
FORM_URL = "/api/v1/auth/token"
FORM = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD}


def test_token_pair(anonymous: Client, user: User) -> None:
    response = anonymous.post(URL, json=ANN)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    pair = response.json()
    assert pair.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert anonymous.get(ME, headers=headers).json()["email"] == user.email


def test_email_is_case_insensitive(anonymous: Client, user: User) -> None:
    response = anonymous.post(URL, json=ANN | {"email": "Ann@EXAMPLE.com"})
    assert response.status_code == 200


def test_form_starts_a_session_too(anonymous: Client, user: User) -> None:
    pair = anonymous.post(FORM_URL, data=FORM).json()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert anonymous.get(ME, headers=headers).json()["email"] == user.email


def test_form_with_a_wrong_password(anonymous: Client, user: User) -> None:
    response = anonymous.post(FORM_URL, data=FORM | {"password": "wrong"})
    assert problem(response) == (401, "invalid-credentials")


def test_form_names_its_wrong_field(anonymous: Client) -> None:
    response = anonymous.post(FORM_URL, data=FORM | {"grant_type": "implicit"})
    assert problem(response) == (422, "validation-error")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/grant_type"]


def test_json_is_no_form(anonymous: Client) -> None:
    assert problem(anonymous.post(FORM_URL, json=FORM)) == (415, "about:blank")


def test_unverified_user_can_log_in(anonymous: Client, user: User) -> None:
    assert not user.email_verified
    assert anonymous.post(URL, json=ANN).status_code == 200


def test_wrong_password_and_unknown_address_look_alike(anonymous: Client, user: User) -> None:
    wrong = anonymous.post(URL, json=ANN | {"password": "wrong"})
    unknown = anonymous.post(URL, json=ANN | {"email": "nobody@example.com"})
    assert problem(wrong) == problem(unknown) == (401, "invalid-credentials")
    assert wrong.json() == unknown.json()
    assert wrong.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
def test_every_attempt_computes_one_hash(
    anonymous: Client, user: User, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    verify = Mock(wraps=passwords.hasher.verify)
    monkeypatch.setattr(passwords.hasher, "verify", verify)
    anonymous.post(URL, json={"email": email, "password": "wrong"})
    assert verify.call_count == 1


def test_deactivated_user_cannot_log_in(anonymous: Client, db: Session, user: User) -> None:
    user.is_active = False
    db.commit()
    response = anonymous.post(URL, json=ANN)
    assert problem(response) == (401, "invalid-credentials")


def test_session_records_ip_and_user_agent(anonymous: Client, db: Session, user: User) -> None:
    anonymous.post(URL, json=ANN, headers={"User-Agent": "Browser " * 100})
    session = db.scalars(select(AuthSession)).one()
    assert (session.ip, len(session.user_agent)) == ("127.0.0.1", 200)


def test_login_deletes_expired_sessions(app: FastAPI, db: Session, user: User) -> None:
    sign_in(app, user)
    expired = db.scalars(select(AuthSession)).one()
    expired.expires_at = now() - dt.timedelta(seconds=1)
    db.commit()
    sign_in(app, user)
    assert db.scalar(select(func.count(AuthSession.id))) == 1


def test_refresh_token_is_not_stored(db: Session, token_pair: TokenPair) -> None:
    rows = db.execute(select(AuthSession.__table__))
    (row,) = rows.mappings()
    assert token_pair.refresh_token not in map(str, row.values())
    assert len(row["refresh_hash"]) == 64
