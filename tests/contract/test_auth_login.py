"""Logging in, refreshing, logging out, sessions."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .people import PASSWORD, Host, Person, new_email

pytestmark = pytest.mark.auth


def _refresh(client: Client, token: str) -> Any:
    return client.anonymous().post("/auth/refresh", {"refresh_token": token})


@pytest.mark.contract("tokens.pair", "auth.login", "tokens.access")
def test_a_login_answers_a_pair_of_tokens(client: Client, newcomer: Person) -> None:
    login = {"email": newcomer.email, "password": newcomer.password}
    pair = client.post("/auth/login", login).json()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    assert pair["access_token"] != newcomer.token
    assert pair["refresh_token"] != newcomer.refresh_token


@pytest.mark.contract("auth.login", "errors.invalid-credentials")
@pytest.mark.parametrize("password", ["", " ", PASSWORD + " ", PASSWORD.upper(), "x" * 129, "é"])
def test_a_password_that_is_not_the_one_is_401(
    client: Client, stranger: Person, password: str
) -> None:
    answer = client.post("/auth/login", {"email": stranger.email, "password": password})
    if answer.status_code == 422:
        expect_invalid(answer, "#/password")
    else:
        expect_problem(answer, 401, "invalid-credentials")


@pytest.mark.contract("auth.login-timing")
def test_an_unknown_address_costs_as_much_as_a_wrong_password(production: Host) -> None:
    """With real hashing: without it, the answer would come ten times as fast."""
    known = production.register()

    def cost(email: str) -> float:
        begun = time.perf_counter()
        answer = production.client.post("/auth/login", {"email": email, "password": "wrong-one-9"})
        assert answer.status_code == 401
        return time.perf_counter() - begun

    wrong = unknown = float("inf")
    for _ in range(15):  # The quickest of several is what it costs; the rest is the machine's.
        wrong, unknown = min(wrong, cost(known)), min(unknown, cost(new_email()))
        if 0.7 < unknown / wrong < 1.4:
            return
    raise AssertionError(f"unknown address {unknown:.3f} s, wrong password {wrong:.3f} s")


@pytest.mark.contract("auth.refresh", "tokens.pair")
def test_a_refresh_answers_a_new_pair(client: Client, newcomer: Person) -> None:
    answer = _refresh(client, newcomer.refresh_token)
    assert answer.status_code == 200
    pair = answer.json()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert pair["refresh_token"] != newcomer.refresh_token
    person = Person.from_pair(client, newcomer.email, newcomer.password, pair)
    assert person.has_access()
    assert person.get("/auth/sessions").json()["total"] == 1
    assert _refresh(client, pair["refresh_token"]).status_code == 200


@pytest.mark.contract("auth.refresh")
@pytest.mark.parametrize("token", ["", "x", "é🍵", "x" * 5000, "A" * 43, "..", "null"])
def test_a_refresh_token_that_does_not_exist_is_401(client: Client, token: str) -> None:
    answer = _refresh(client, token)
    if answer.status_code == 422 and len(token) in (0, 5000):
        expect_invalid(answer, "#/refresh_token")  # No length that a token can have.
    else:
        expect_problem(answer, 401, "invalid-token")


@pytest.mark.contract("tokens.reuse", "errors.refresh-reused")
def test_a_used_refresh_token_ends_its_session_only(client: Client, newcomer: Person) -> None:
    elsewhere = newcomer.again()
    pair = _refresh(client, newcomer.refresh_token).json()
    thief = Person.from_pair(client, newcomer.email, newcomer.password, pair)
    expect_problem(_refresh(client, newcomer.refresh_token), 401, "refresh-token-reused")
    assert not thief.has_access()
    assert not newcomer.has_access()
    assert _refresh(client, thief.refresh_token).status_code == 401
    assert elsewhere.has_access()
    assert elsewhere.get("/auth/sessions").json()["total"] == 1


@pytest.mark.contract("tokens.reuse")
def test_a_refresh_token_used_long_ago_ends_the_session_too(
    client: Client, newcomer: Person
) -> None:
    second = _refresh(client, newcomer.refresh_token).json()
    third = _refresh(client, second["refresh_token"]).json()
    answer = _refresh(client, newcomer.refresh_token)
    expect_problem(answer, 401, "refresh-token-reused")
    person = Person.from_pair(client, newcomer.email, newcomer.password, third)
    assert not person.has_access()


@pytest.mark.contract("tokens.swap", "auth.refresh")
def test_of_eight_refreshes_at_once_at_most_one_succeeds(host: Host) -> None:
    for _ in range(3):
        person = host.person()
        body = {"refresh_token": person.refresh_token}
        message = host.client.message("POST", "/auth/refresh", json=body)
        answers = host.client.race([message] * 8)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses in ([200] + [401] * 7, [401] * 8)
        assert not person.has_access()


@pytest.mark.contract("auth.logout", "tokens.at-once", "conventions.empty")
def test_logging_out_ends_this_session_everywhere(client: Client, newcomer: Person) -> None:
    elsewhere = newcomer.again()
    answer = newcomer.post("/auth/logout")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not newcomer.has_access()
    expect_problem(newcomer.post("/auth/logout"), 401, "invalid-token")
    assert _refresh(client, newcomer.refresh_token).status_code == 401
    assert elsewhere.has_access()


@pytest.mark.contract("auth.sessions", "lists.shape")
def test_sessions_are_listed_with_what_tells_them_apart(newcomer: Person) -> None:
    phone = newcomer.again(headers={"User-Agent": "Phone/1.0"})
    page = phone.get("/auth/sessions").json()
    assert {"items", "total", "page", "size"} == set(page)
    assert page["total"] == 2
    [mine] = [session for session in page["items"] if session["current"]]
    assert {"id", "current", "user_agent", "ip", "last_used_at"} <= set(mine)
    assert mine["user_agent"] == "Phone/1.0"
    assert mine["ip"] in ("127.0.0.1", "::1") or mine["ip"].count(".") == 3
    assert "hash" not in str(page)
    [other] = [session for session in page["items"] if not session["current"]]
    [seen_from_there] = [
        session for session in newcomer.get("/auth/sessions").json()["items"] if session["current"]
    ]
    assert seen_from_there["id"] == other["id"]


@pytest.mark.contract("auth.sessions")
@pytest.mark.parametrize("agent", ["", "x" * 5000, "<script>", "caf\xe9"])
def test_an_odd_user_agent_is_no_obstacle(newcomer: Person, agent: str) -> None:
    person = newcomer.again(headers={"User-Agent": agent.encode("latin-1")})
    assert person.get("/auth/sessions").json()["total"] == 2


@pytest.mark.contract("auth.sessions")
def test_sessions_come_in_pages(newcomer: Person) -> None:
    for _ in range(3):
        newcomer.again()
    pages = [newcomer.get(f"/auth/sessions?size=2&page={n}").json() for n in (1, 2, 3)]
    assert [len(page["items"]) for page in pages] == [2, 2, 0]
    assert len({session["id"] for page in pages for session in page["items"]}) == 4


@pytest.mark.contract("auth.sessions-end-others", "tokens.at-once")
def test_all_other_sessions_are_ended(client: Client, newcomer: Person) -> None:
    others = [newcomer.again() for _ in range(2)]
    assert newcomer.delete("/auth/sessions").status_code == 204
    assert not any(other.has_access() for other in others)
    assert _refresh(client, others[0].refresh_token).status_code == 401
    assert newcomer.has_access()
    assert newcomer.get("/auth/sessions").json()["total"] == 1


@pytest.mark.contract("auth.sessions-end-one", "tokens.at-once")
def test_one_session_is_ended(newcomer: Person) -> None:
    others = [newcomer.again() for _ in range(2)]
    [id] = [s["id"] for s in others[0].get("/auth/sessions").json()["items"] if s["current"]]
    assert newcomer.delete(f"/auth/sessions/{id}").status_code == 204
    assert not others[0].has_access()
    assert others[1].has_access()
    expect_problem(newcomer.delete(f"/auth/sessions/{id}"), 404)


@pytest.mark.contract("auth.sessions-end-one")
def test_the_current_session_may_be_ended(newcomer: Person) -> None:
    [session] = newcomer.get("/auth/sessions").json()["items"]
    assert newcomer.delete(f"/auth/sessions/{session['id']}").status_code == 204
    assert not newcomer.has_access()


@pytest.mark.contract("auth.sessions-end-one", "conventions.foreign-objects")
def test_someone_elses_session_is_404(newcomer: Person, stranger: Person) -> None:
    [session] = newcomer.get("/auth/sessions").json()["items"]
    for id in (session["id"], uuid.uuid4()):
        expect_problem(stranger.delete(f"/auth/sessions/{id}"), 404)
    assert newcomer.has_access()


@pytest.mark.contract("tokens.refresh")
def test_a_refresh_token_holds_256_random_bits(newcomer: Person) -> None:
    tokens = [newcomer.refresh_token, *(newcomer.again().refresh_token for _ in range(3))]
    assert len(set(tokens)) == 4
    for token in tokens:
        assert re.fullmatch(r"[A-Za-z0-9_-]{43,}", token), "shorter than 256 bits, or no text"
