"""Sessions: refreshing, looking at them, ending them, all with effect at once."""

import datetime as dt

import pytest
from apiflask import APIFlask
from httpx2 import Client, Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.auth.models import AuthSession
from app.auth.schemas import TokenPair
from app.core.database import now
from app.users.models import User
from tests.helpers import UNKNOWN, connect, problem, sign_in

URL = "/api/v1/auth/sessions"
ME = "/api/v1/users/me"


def refresh(client: Client, token: str) -> Response:
    return client.post("/api/v1/auth/refresh", json={"refresh_token": token})


def test_refresh_returns_a_new_pair(anonymous: Client, token_pair: TokenPair) -> None:
    response = refresh(anonymous, token_pair.refresh_token)
    assert response.status_code == 200
    pair = response.json()
    assert pair["refresh_token"] != token_pair.refresh_token
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert anonymous.get(ME, headers=headers).status_code == 200
    assert refresh(anonymous, pair["refresh_token"]).status_code == 200


def test_used_refresh_token_ends_the_session(client: Client, token_pair: TokenPair) -> None:
    fresh = refresh(client, token_pair.refresh_token).json()
    reused = refresh(client, token_pair.refresh_token)
    assert problem(reused) == (401, "refresh-token-reused")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, fresh["refresh_token"])) == (401, "invalid-token")


def test_expired_session_is_not_refreshed(
    anonymous: Client, db: Session, token_pair: TokenPair
) -> None:
    past = now() - dt.timedelta(seconds=1)
    db.execute(update(AuthSession).values(expires_at=past))
    db.commit()
    response = refresh(anonymous, token_pair.refresh_token)
    assert problem(response) == (401, "invalid-token")


def test_expired_session_is_not_accepted(client: Client, db: Session) -> None:
    db.execute(update(AuthSession).values(expires_at=now()))
    db.commit()
    assert problem(client.get(ME)) == (401, "invalid-token")


def test_refresh_extends_the_session(anonymous: Client, db: Session, token_pair: TokenPair) -> None:
    before = db.scalars(select(AuthSession)).one().expires_at
    refresh(anonymous, token_pair.refresh_token)
    assert db.scalars(select(AuthSession.expires_at)).one() > before


def test_deactivation_acts_at_once(
    client: Client, db: Session, user: User, token_pair: TokenPair
) -> None:
    user.is_active = False
    db.commit()
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


def test_authentication_takes_one_query(client: Client, queries: list[str]) -> None:
    assert client.get(ME).status_code == 200
    assert len(queries) == 1


def test_logout_acts_at_once(client: Client, token_pair: TokenPair) -> None:
    response = client.post("/api/v1/auth/logout")
    assert (response.status_code, response.content) == (204, b"")
    assert problem(client.get(ME)) == (401, "invalid-token")
    assert problem(refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


@pytest.fixture
def elsewhere(app: APIFlask, user: User) -> Client:
    """The user's second device."""
    return connect(app, sign_in(app, user).access_token)


def test_list_marks_the_current_session(client: Client, elsewhere: Client, other: Client) -> None:
    page = client.get(URL).json()
    assert (page["total"], page["page"], page["size"]) == (2, 1, 20)
    assert sorted(session["current"] for session in page["items"]) == [False, True]
    for session in page["items"]:
        assert (session["user_agent"], session["ip"]) == ("tests", "127.0.0.1")
        assert session["last_used_at"].endswith("Z")


def test_end_one_session(client: Client, elsewhere: Client) -> None:
    sessions = elsewhere.get(URL).json()["items"]
    (mine,) = (session["id"] for session in sessions if session["current"])
    assert client.delete(f"{URL}/{mine}").status_code == 204
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert client.get(ME).status_code == 200


def test_end_all_other_sessions(client: Client, elsewhere: Client, other: Client) -> None:
    assert client.delete(URL).status_code == 204
    assert client.get(ME).status_code == 200
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert other.get(ME).status_code == 200


def test_cannot_end_a_session_of_another_user(client: Client, other: Client) -> None:
    (session,) = other.get(URL).json()["items"]
    assert problem(client.delete(f"{URL}/{session['id']}")) == (404, "about:blank")
    assert problem(client.delete(f"{URL}/{UNKNOWN}")) == (404, "about:blank")
    assert other.get(ME).status_code == 200
