"""Rate limits: against guessing passwords and flooding with email, without locking owners out."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core import throttling
from tests.helpers import PASSWORD, Response, connect, problem, save_user

LOGIN = "/api/v1/auth/login"
WRONG = {"email": "ann@example.com", "password": "wrong"}
RIGHT = {"email": "ann@example.com", "password": PASSWORD}
EMAILS = [
    ("/api/v1/auth/register", {"email": "new@example.com", "password": PASSWORD}),
    ("/api/v1/auth/email/resend", {"email": "new@example.com"}),
    ("/api/v1/auth/password/forgot", {"email": "new@example.com"}),
]


@pytest.fixture(autouse=True)
def limited(settings: Settings, user: User) -> None:
    """Turn the rate limits on, and reset their counters."""
    settings.RATE_LIMITS = True
    throttling.get_limiter.cache_clear()


def post(path: str, body: dict[str, str], address: str = "192.0.2.1") -> Response:
    return connect(address=address).post(path, body)


def attempt(body: dict[str, str], address: str = "192.0.2.1") -> int:
    return post(LOGIN, body, address).status_code


def test_guessing_is_limited() -> None:
    assert [attempt(WRONG) for _ in range(10)] == [401] * 10
    response = post(LOGIN, RIGHT)
    assert problem(response) == (429, "rate-limited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_case_of_the_address_does_not_reset_the_limit() -> None:
    for email in ("ann@example.com", "ANN@example.com", "Ann@Example.com") * 4:
        last = attempt(WRONG | {"email": email})
    assert last == 429


def test_attacker_does_not_lock_out_the_owner() -> None:
    while attempt(WRONG) == 401:
        pass
    assert attempt(RIGHT, address="192.0.2.2") == 200


def test_many_addresses_together_are_limited_for_one_account() -> None:
    for number in range(30):
        assert attempt(WRONG, address=f"192.0.2.{number}") == 401
    assert attempt(WRONG, address="192.0.2.200") == 429


def test_one_address_is_limited_for_all_accounts_together() -> None:
    for number in range(30):
        assert attempt(WRONG | {"email": f"{number}@example.com"}) == 401
    assert attempt(WRONG | {"email": "last@example.com"}) == 429


def test_one_network_of_ipv6_is_one_address() -> None:
    for number in range(10):
        assert attempt(WRONG, address=f"2001:db8::{number}") == 401
    assert attempt(WRONG, address="2001:db8::ffff") == 429
    assert attempt(RIGHT, address="2001:db8:0:1::1") == 200


def test_addresses_of_ipv4_within_ipv6_are_many() -> None:
    while attempt(WRONG, address="::ffff:192.0.2.1") == 401:
        pass
    assert attempt(RIGHT, address="::ffff:192.0.2.2") == 200


@pytest.mark.parametrize(("path", "body"), EMAILS)
def test_emails_are_limited(path: str, body: dict[str, str]) -> None:
    assert [post(path, body).status_code for _ in range(4)] == [202, 202, 202, 429]


def test_refreshing_is_limited() -> None:
    body = {"refresh_token": "guessed"}
    for _ in range(60):
        assert post("/api/v1/auth/refresh", body).status_code == 401
    assert post("/api/v1/auth/refresh", body).status_code == 429


def test_guessing_the_current_password_is_limited(api: APIClient) -> None:
    guess = {"current_password": "wrong", "new_password": "another-long-one"}
    answers = [api.post("/api/v1/auth/password/change", guess).status_code for _ in range(11)]
    assert answers.count(403) < 11
    assert answers[-1] == 429


@pytest.mark.parametrize("path", ["email/verify", "password/reset"])
def test_guessing_links_is_limited(path: str) -> None:
    body = {"token": "guessed", "new_password": "another-long-one"}
    answers = [post(f"/api/v1/auth/{path}", body).status_code for _ in range(31)]
    assert answers == [400] * 30 + [429]


def test_login_is_refused_while_the_storage_is_away(settings: Settings) -> None:
    settings.RATE_LIMIT_STORAGE = "redis://127.0.0.1:1"
    assert attempt(RIGHT) == 503


def test_guessing_on_the_admin_site_is_limited(client: Client) -> None:
    save_user("eve@example.com", role="admin")
    path = reverse("admin:login")
    for _ in range(10):
        response = client.post(path, {"username": "eve@example.com", "password": "wrong"})
        assert response.status_code == 200
    response = client.post(path, {"username": "eve@example.com", "password": PASSWORD})
    assert "Too many attempts" in response.text
    assert client.get(reverse("admin:index")).status_code == 302
