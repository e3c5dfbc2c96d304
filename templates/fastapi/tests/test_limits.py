"""Rate limits: no guessing of passwords, no floods of mail, and nobody is locked out for long."""

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


async def post(app: FastAPI, path: str, body: dict[str, Any], ip: str = "192.0.2.1") -> int:
    async with connect(app, ip=ip) as client:
        return (await client.post(path, json=body)).status_code


async def test_guessing_ends(limited: FastAPI) -> None:
    assert [await post(limited, LOGIN, WRONG) for _ in range(10)] == [401] * 10
    async with connect(limited, ip="192.0.2.1") as client:
        response = await client.post(LOGIN, json=RIGHT)
    assert problem(response) == (429, "rate-limited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


async def test_guessing_ends_whatever_the_case(limited: FastAPI) -> None:
    for email in ("ann@example.com", "ANN@example.com", "Ann@Example.com") * 4:
        last = await post(limited, LOGIN, WRONG | {"email": email})
    assert last == 429


async def test_stranger_does_not_lock_the_owner_out(limited: FastAPI) -> None:
    while await post(limited, LOGIN, WRONG) == 401:
        pass
    assert await post(limited, LOGIN, RIGHT, ip="192.0.2.2") == 200


async def test_many_strangers_do_not_guess_more(limited: FastAPI) -> None:
    for number in range(30):
        assert await post(limited, LOGIN, WRONG, ip=f"192.0.2.{number}") == 401
    assert await post(limited, LOGIN, WRONG, ip="192.0.2.200") == 429


async def test_one_ip_does_not_try_many_accounts(limited: FastAPI) -> None:
    for number in range(30):
        assert await post(limited, LOGIN, WRONG | {"email": f"{number}@example.com"}) == 401
    assert await post(limited, LOGIN, WRONG | {"email": "last@example.com"}) == 429


async def test_ipv4_is_told_apart_on_an_ipv6_socket(limited: FastAPI) -> None:
    while await post(limited, LOGIN, WRONG, ip="::ffff:192.0.2.1") == 401:
        pass
    assert await post(limited, LOGIN, WRONG, ip="192.0.2.1") == 429
    assert await post(limited, LOGIN, RIGHT, ip="::ffff:192.0.2.2") == 200


@pytest.mark.parametrize(("path", "body"), MAILS)
async def test_mails_are_few(limited: FastAPI, path: str, body: dict[str, Any]) -> None:
    assert [await post(limited, path, body) for _ in range(4)] == [202, 202, 202, 429]


async def test_refreshing_ends(limited: FastAPI) -> None:
    body = {"refresh_token": "guessed"}
    for _ in range(60):
        assert await post(limited, "/api/v1/auth/refresh", body) == 401
    assert await post(limited, "/api/v1/auth/refresh", body) == 429


async def test_no_guessing_while_the_counter_is_away(
    app: FastAPI, settings: Settings, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "rate_limit_storage", "redis://127.0.0.1:1")
    monkeypatch.setattr(settings, "rate_limits", True)
    monkeypatch.setitem(app.dependency_overrides, get_limiter, lambda: Limiter(settings))
    assert await post(app, LOGIN, RIGHT) == 503
