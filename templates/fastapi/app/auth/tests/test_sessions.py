"""Sessions: refreshing, looking at them, ending them, all with effect at once."""

import datetime as dt

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import AuthSession
from app.auth.schemas import TokenPair
from app.core.database import now
from app.users.models import User
from tests.helpers import connect, problem, sign_in

URL = "/api/v1/auth/sessions"
ME = "/api/v1/users/me"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


async def refresh(client: AsyncClient, token: str) -> Response:
    return await client.post("/api/v1/auth/refresh", json={"refresh_token": token})


async def test_refresh_swaps_the_pair(anonymous: AsyncClient, token_pair: TokenPair) -> None:
    response = await refresh(anonymous, token_pair.refresh_token)
    assert response.status_code == 200
    pair = response.json()
    assert pair["refresh_token"] != token_pair.refresh_token
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert (await anonymous.get(ME, headers=headers)).status_code == 200
    assert (await refresh(anonymous, pair["refresh_token"])).status_code == 200


async def test_used_refresh_token_ends_the_session(
    client: AsyncClient, token_pair: TokenPair
) -> None:
    fresh = (await refresh(client, token_pair.refresh_token)).json()
    reused = await refresh(client, token_pair.refresh_token)
    assert problem(reused) == (401, "refresh-token-reused")
    assert problem(await client.get(ME)) == (401, "invalid-token")
    assert problem(await refresh(client, fresh["refresh_token"])) == (401, "invalid-token")


async def test_expired_session_is_not_refreshed(
    anonymous: AsyncClient, db: AsyncSession, token_pair: TokenPair
) -> None:
    past = now() - dt.timedelta(seconds=1)
    await db.execute(update(AuthSession).values(expires_at=past))
    await db.commit()
    response = await refresh(anonymous, token_pair.refresh_token)
    assert problem(response) == (401, "invalid-token")


async def test_expired_session_is_none(client: AsyncClient, db: AsyncSession) -> None:
    await db.execute(update(AuthSession).values(expires_at=now()))
    await db.commit()
    assert problem(await client.get(ME)) == (401, "invalid-token")


async def test_refreshing_prolongs_the_session(
    anonymous: AsyncClient, db: AsyncSession, token_pair: TokenPair
) -> None:
    before = (await db.scalars(select(AuthSession))).one().expires_at
    await refresh(anonymous, token_pair.refresh_token)
    assert (await db.scalars(select(AuthSession.expires_at))).one() > before


async def test_deactivation_acts_at_once(
    client: AsyncClient, db: AsyncSession, user: User, token_pair: TokenPair
) -> None:
    user.is_active = False
    await db.commit()
    assert problem(await client.get(ME)) == (401, "invalid-token")
    assert problem(await refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


async def test_session_and_user_cost_one_query(client: AsyncClient, queries: list[str]) -> None:
    assert (await client.get(ME)).status_code == 200
    assert len(queries) == 1


async def test_logout_acts_at_once(client: AsyncClient, token_pair: TokenPair) -> None:
    response = await client.post("/api/v1/auth/logout")
    assert (response.status_code, response.content) == (204, b"")
    assert problem(await client.get(ME)) == (401, "invalid-token")
    assert problem(await refresh(client, token_pair.refresh_token)) == (401, "invalid-token")


@pytest.fixture
async def elsewhere(app: FastAPI, db: AsyncSession, user: User) -> AsyncClient:
    """The user's second device."""
    return connect(app, (await sign_in(db, user)).access_token)


async def test_list_tells_which_one_is_current(
    client: AsyncClient, elsewhere: AsyncClient, other: AsyncClient
) -> None:
    page = (await client.get(URL)).json()
    assert (page["total"], page["page"], page["size"]) == (2, 1, 20)
    assert sorted(session["current"] for session in page["items"]) == [False, True]
    for session in page["items"]:
        assert (session["user_agent"], session["ip"]) == ("tests", "127.0.0.1")
        assert session["last_used_at"].endswith("Z")


async def test_end_one(client: AsyncClient, elsewhere: AsyncClient) -> None:
    sessions = (await elsewhere.get(URL)).json()["items"]
    (mine,) = (session["id"] for session in sessions if session["current"])
    assert (await client.delete(f"{URL}/{mine}")).status_code == 204
    assert problem(await elsewhere.get(ME)) == (401, "invalid-token")
    assert (await client.get(ME)).status_code == 200


async def test_end_all_others(
    client: AsyncClient, elsewhere: AsyncClient, other: AsyncClient
) -> None:
    assert (await client.delete(URL)).status_code == 204
    assert (await client.get(ME)).status_code == 200
    assert problem(await elsewhere.get(ME)) == (401, "invalid-token")
    assert (await other.get(ME)).status_code == 200


async def test_end_that_of_somebody_else(client: AsyncClient, other: AsyncClient) -> None:
    (session,) = (await other.get(URL)).json()["items"]
    assert problem(await client.delete(f"{URL}/{session['id']}")) == (404, "about:blank")
    assert problem(await client.delete(f"{URL}/{UNKNOWN}")) == (404, "about:blank")
    assert (await other.get(ME)).status_code == 200
