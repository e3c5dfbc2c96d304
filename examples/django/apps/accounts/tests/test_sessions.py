"""Sessions: refreshing, looking at them, ending them, all with effect at once."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from apps.accounts.models import Session, User
from tests.helpers import UNKNOWN, Response, connect, problem, sign_in

URL = "/api/v1/auth/sessions"
ME = "/api/v1/users/me"


def refresh(client: APIClient, token: str) -> Response:
    return client.post("/api/v1/auth/refresh", {"refresh_token": token})


def test_refresh_returns_a_new_pair(anonymous: APIClient, token_pair: dict[str, str]) -> None:
    response = refresh(anonymous, token_pair["refresh_token"])
    assert response.status_code == 200
    pair = response.json()
    assert pair["refresh_token"] != token_pair["refresh_token"]
    assert connect(pair["access_token"]).get(ME).status_code == 200
    assert refresh(anonymous, pair["refresh_token"]).status_code == 200


def test_used_refresh_token_ends_the_session(api: APIClient, token_pair: dict[str, str]) -> None:
    fresh = refresh(api, token_pair["refresh_token"]).json()
    reused = refresh(api, token_pair["refresh_token"])
    assert problem(reused) == (401, "refresh-token-reused")
    assert problem(api.get(ME)) == (401, "invalid-token")
    assert problem(refresh(api, fresh["refresh_token"])) == (401, "invalid-token")


def test_expired_session_is_not_refreshed(anonymous: APIClient, token_pair: dict[str, str]) -> None:
    Session.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    response = refresh(anonymous, token_pair["refresh_token"])
    assert problem(response) == (401, "invalid-token")


def test_expired_session_is_refused(api: APIClient) -> None:
    Session.objects.update(expires_at=timezone.now())
    assert problem(api.get(ME)) == (401, "invalid-token")


def test_refresh_extends_the_session(anonymous: APIClient, token_pair: dict[str, str]) -> None:
    before = Session.objects.get().expires_at
    refresh(anonymous, token_pair["refresh_token"])
    assert Session.objects.get().expires_at > before


def test_deactivation_acts_at_once(api: APIClient, user: User, token_pair: dict[str, str]) -> None:
    user.is_active = False
    user.save()
    assert problem(api.get(ME)) == (401, "invalid-token")
    assert problem(refresh(api, token_pair["refresh_token"])) == (401, "invalid-token")


def test_authentication_takes_one_query(
    api: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert api.get(ME).status_code == 200


def test_logout_acts_at_once(api: APIClient, token_pair: dict[str, str]) -> None:
    response = api.post("/api/v1/auth/logout")
    assert (response.status_code, response.content) == (204, b"")
    assert problem(api.get(ME)) == (401, "invalid-token")
    assert problem(refresh(api, token_pair["refresh_token"])) == (401, "invalid-token")


@pytest.fixture
def elsewhere(user: User) -> APIClient:
    """The user's second device."""
    return connect(sign_in(user)["access_token"])


@pytest.mark.usefixtures("elsewhere", "other")
def test_list_marks_the_current_session(api: APIClient) -> None:
    page = api.get(URL).json()
    assert (page["total"], page["page"], page["size"]) == (2, 1, 20)
    assert sorted(session["current"] for session in page["items"]) == [False, True]
    for session in page["items"]:
        assert (session["user_agent"], session["ip"]) == ("tests", "127.0.0.1")
        assert session["last_used_at"].endswith("Z")


def test_end_one_session(api: APIClient, elsewhere: APIClient) -> None:
    sessions = elsewhere.get(URL).json()["items"]
    (mine,) = (session["id"] for session in sessions if session["current"])
    response = api.delete(f"{URL}/{mine}")
    assert (response.status_code, response.content) == (204, b"")
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert api.get(ME).status_code == 200


def test_end_all_other_sessions(api: APIClient, elsewhere: APIClient, other: APIClient) -> None:
    assert api.delete(URL).status_code == 204
    assert api.get(ME).status_code == 200
    assert problem(elsewhere.get(ME)) == (401, "invalid-token")
    assert other.get(ME).status_code == 200


def test_session_of_somebody_else_cannot_be_ended(api: APIClient, other: APIClient) -> None:
    (session,) = other.get(URL).json()["items"]
    assert problem(api.delete(f"{URL}/{session['id']}")) == (404, "about:blank")
    assert problem(api.delete(f"{URL}/{UNKNOWN}")) == (404, "about:blank")
    assert other.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", URL),
        ("delete", URL),
        ("delete", f"{URL}/{UNKNOWN}"),
        ("post", "/api/v1/auth/logout"),
        ("post", "/api/v1/auth/password/change"),
    ],
)
def test_anonymous_is_refused(anonymous: APIClient, method: str, path: str) -> None:
    assert problem(getattr(anonymous, method)(path)) == (401, "not-authenticated")
