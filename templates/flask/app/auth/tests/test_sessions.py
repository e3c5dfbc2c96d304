"""Sessions: refreshing, looking at them, ending them, all with effect at once."""

import datetime as dt

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.auth.models import AuthSession
from app.auth.schemas import TokenPair
from app.core.database import now
from app.users.models import User
from tests.helpers import UNKNOWN, connect, problem, sign_in

URL = "/api/v1/auth/sessions"
ME = "/api/v1/users/me"


def refresh(client: FlaskClient, token: str) -> TestResponse:
    return client.post("/api/v1/auth/refresh", json={"refresh_token": token})


def test_refresh_swaps_the_pair(anonymous: FlaskClient, token_pair: TokenPair) -> None:
    response = refresh(anonymous, token_pair.refresh_token)
    assert response.status_code == 200
    pair = response.get_json()
    assert pair["refresh_token"] != token_pair.refresh_token
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert anonymous.get(ME, headers=headers).status_code == 200
    assert refresh(anonymous, pair["refresh_token"]).status_code == 200


def test_used_refresh_token_ends_the_session(client: FlaskClient, token_pair: TokenPair) -> None:
    fresh = refresh(client, token_pair.refresh_token).get_json()
    reused = refresh(client, token_pair.refresh_token)
    assert problem(reused) == (401, "refresh-token-reused")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, fresh["refresh_token"])) == (401, "invalid-token")


def test_expired_session_is_not_refreshed(
    anonymous: FlaskClient, db: Session, token_pair: TokenPair
) -> None:
    past = now() - dt.timedelta(seconds=1)
    db.execute(update(AuthSession).values(expires_at=past))
    db.commit()
    response = refresh(anonymous, token_pair.refresh_token)
    assert problem(response) == (401, "invalid-token")


def test_expired_session_is_none(client: FlaskClient, db: Session) -> None:
    db.execute(update(AuthSession).values(expires_at=now()))
    db.commit()
    assert problem(client.get(ME)) == (401, "invalid-token")


def test_refreshing_prolongs_the_session(
    anonymous: FlaskClient, db: Session, token_pair: TokenPair
) -> None:
    before = db.scalars(select(AuthSession)).one().expires_at
    refresh(anonymous, token_pair.refresh_token)
    assert db.scalars(select(AuthSession.expires_at)).one() > before


def test_deactivation_acts_at_once(
    client: FlaskClient, db: Session, user: User, token_pair: TokenPair
) -> None:
    user.is_active = False
    db.commit()
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


def test_session_and_user_cost_one_query(client: FlaskClient, queries: list[str]) -> None:
    assert client.get(ME).status_code == 200
    assert len(queries) == 1


def test_logout_acts_at_once(client: FlaskClient, token_pair: TokenPair) -> None:
    response = client.post("/api/v1/auth/logout")
    assert (response.status_code, response.data) == (204, b"")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


@pytest.fixture
def elsewhere(app: APIFlask, user: User) -> FlaskClient:
    """The user's second device."""
    return connect(app, sign_in(app, user).access_token)


def test_list_tells_which_one_is_current(
    client: FlaskClient, elsewhere: FlaskClient, other: FlaskClient
) -> None:
    page = client.get(URL).get_json()
    assert (page["total"], page["page"], page["size"]) == (2, 1, 20)
    assert sorted(session["current"] for session in page["items"]) == [False, True]
    for session in page["items"]:
        assert (session["user_agent"], session["ip"]) == ("tests", "127.0.0.1")
        assert session["last_used_at"].endswith("Z")


def test_end_one(client: FlaskClient, elsewhere: FlaskClient) -> None:
    sessions = elsewhere.get(URL).get_json()["items"]
    (mine,) = (session["id"] for session in sessions if session["current"])
    assert client.delete(f"{URL}/{mine}").status_code == 204
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert client.get(ME).status_code == 200


def test_end_all_others(client: FlaskClient, elsewhere: FlaskClient, other: FlaskClient) -> None:
    assert client.delete(URL).status_code == 204
    assert client.get(ME).status_code == 200
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert other.get(ME).status_code == 200


def test_end_that_of_somebody_else(client: FlaskClient, other: FlaskClient) -> None:
    (session,) = other.get(URL).get_json()["items"]
    assert problem(client.delete(f"{URL}/{session['id']}")) == (404, "about:blank")
    assert problem(client.delete(f"{URL}/{UNKNOWN}")) == (404, "about:blank")
    assert other.get(ME).status_code == 200
