"""Rate limits of logins, tokens and emails."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.limits import Limiter, get_limiter
from app.users.models import User
from tests.helpers import PASSWORD, connect, problem

LOGIN = "/api/v1/auth/login"
WRONG = {"email": "ann@example.com", "password": "wrong"}
RIGHT = {"email": "ann@example.com", "password": PASSWORD}
MAILS = [
    ("/api/v1/auth/register", {"email": "new@example.com", "password": PASSWORD}),
    ("/api/v1/auth/email/resend", {"email": "new@example.com"}),
    ("/api/v1/auth/password/forgot", {"email": "new@example.com"}),
]


@pytest.fixture
def limited(
    app: FastAPI, settings: Settings, user: User, monkeypatch: pytest.MonkeyPatch
) -> FastAPI:
    monkeypatch.setattr(settings, "rate_limits", True)
    limiter = Limiter(settings)
    monkeypatch.setitem(app.dependency_overrides, get_limiter, lambda: limiter)
    return app


def post(app: FastAPI, path: str, body: dict[str, Any], ip: str = "192.0.2.1") -> int:
    return connect(app, ip=ip).post(path, json=body).status_code


def test_login_attempts_are_limited(limited: FastAPI) -> None:
    assert [post(limited, LOGIN, WRONG) for _ in range(10)] == [401] * 10
    response = connect(limited, ip="192.0.2.1").post(LOGIN, json=RIGHT)
    assert problem(response) == (429, "rate-limited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_limit_ignores_the_case_of_the_email(limited: FastAPI) -> None:
    for email in ("ann@example.com", "ANN@example.com", "Ann@Example.com") * 4:
        last = post(limited, LOGIN, WRONG | {"email": email})
    assert last == 429


def test_attacker_does_not_lock_out_the_owner(limited: FastAPI) -> None:
    while post(limited, LOGIN, WRONG) == 401:
        pass
    assert post(limited, LOGIN, RIGHT, ip="192.0.2.2") == 200


def test_limit_per_account_covers_many_clients(limited: FastAPI) -> None:
    for number in range(30):
        assert post(limited, LOGIN, WRONG, ip=f"192.0.2.{number}") == 401
    assert post(limited, LOGIN, WRONG, ip="192.0.2.200") == 429


def test_limit_per_client_covers_many_accounts(limited: FastAPI) -> None:
    for number in range(30):
        assert post(limited, LOGIN, WRONG | {"email": f"{number}@example.com"}) == 401
    assert post(limited, LOGIN, WRONG | {"email": "last@example.com"}) == 429


def test_ipv4_clients_are_distinguished_on_an_ipv6_socket(limited: FastAPI) -> None:
    while post(limited, LOGIN, WRONG, ip="::ffff:192.0.2.1") == 401:
        pass
    assert post(limited, LOGIN, WRONG, ip="192.0.2.1") == 429
    assert post(limited, LOGIN, RIGHT, ip="::ffff:192.0.2.2") == 200


@pytest.mark.parametrize(("path", "body"), MAILS)
def test_emails_are_limited(limited: FastAPI, path: str, body: dict[str, Any]) -> None:
    assert [post(limited, path, body) for _ in range(4)] == [202, 202, 202, 429]


def test_refreshes_are_limited(limited: FastAPI) -> None:
    body = {"refresh_token": "guessed"}
    for _ in range(60):
        assert post(limited, "/api/v1/auth/refresh", body) == 401
    assert post(limited, "/api/v1/auth/refresh", body) == 429


def test_no_login_while_the_limit_storage_is_unavailable(
    app: FastAPI, settings: Settings, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "rate_limit_storage", "redis://127.0.0.1:1")
    monkeypatch.setattr(settings, "rate_limits", True)
    monkeypatch.setitem(app.dependency_overrides, get_limiter, lambda: Limiter(settings))
    assert post(app, LOGIN, RIGHT) == 503
