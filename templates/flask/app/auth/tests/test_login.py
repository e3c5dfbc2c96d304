"""Logging in: a token pair for the right password, and no hint for any other."""

import datetime as dt
from unittest.mock import Mock

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
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


def test_token_pair(anonymous: FlaskClient, user: User) -> None:
    response = anonymous.post(URL, json=ANN)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    pair = response.get_json()
    assert pair.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert anonymous.get(ME, headers=headers).get_json()["email"] == user.email


def test_case_of_the_address_does_not_matter(anonymous: FlaskClient, user: User) -> None:
    response = anonymous.post(URL, json=ANN | {"email": "Ann@EXAMPLE.com"})
    assert response.status_code == 200


def test_verification_is_not_waited_for(anonymous: FlaskClient, user: User) -> None:
    assert not user.email_verified
    assert anonymous.post(URL, json=ANN).status_code == 200


def test_wrong_password_and_unknown_address_look_alike(anonymous: FlaskClient, user: User) -> None:
    wrong = anonymous.post(URL, json=ANN | {"password": "wrong"})
    unknown = anonymous.post(URL, json=ANN | {"email": "nobody@example.com"})
    assert problem(wrong) == problem(unknown) == (401, "invalid-credentials")
    assert wrong.get_json() == unknown.get_json()
    assert wrong.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
def test_every_attempt_costs_one_hash(
    anonymous: FlaskClient, user: User, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    verify = Mock(wraps=passwords.hasher.verify)
    monkeypatch.setattr(passwords.hasher, "verify", verify)
    anonymous.post(URL, json={"email": email, "password": "wrong"})
    assert verify.call_count == 1


def test_deactivated_user_looks_unknown(anonymous: FlaskClient, db: Session, user: User) -> None:
    user.is_active = False
    db.commit()
    response = anonymous.post(URL, json=ANN)
    assert problem(response) == (401, "invalid-credentials")


def test_session_tells_where_it_was_opened(anonymous: FlaskClient, db: Session, user: User) -> None:
    anonymous.post(URL, json=ANN, headers={"User-Agent": "Browser " * 100})
    session = db.scalars(select(AuthSession)).one()
    assert (session.ip, len(session.user_agent)) == ("127.0.0.1", 200)


def test_expired_sessions_are_cleared_away(app: APIFlask, db: Session, user: User) -> None:
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
