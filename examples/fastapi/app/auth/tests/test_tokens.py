"""Tokens: each kind has one use, and forged or expired ones have none."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from httpx2 import Client, Response

from app.auth import mails, tokens
from app.auth.schemas import TokenPair
from app.core.config import get_settings
from app.users.models import User
from tests.helpers import problem, token_in

KINDS = ["access", "refresh", "verify-email", "reset-password"]
ME = "/api/v1/users/me"


@pytest.fixture
def valid(user: User, token_pair: TokenPair) -> dict[str, str]:
    """A token of each kind."""
    return {
        "access": token_pair.access_token,
        "refresh": token_pair.refresh_token,
        "verify-email": token_in(mails.verification(user)),
        "reset-password": token_in(mails.password_reset(user)),
    }


def present(client: Client, token: str, door: str) -> Response:
    match door:
        case "access":
            return client.get(ME, headers={"Authorization": f"Bearer {token}"})
        case "refresh":
            return client.post("/api/v1/auth/refresh", json={"refresh_token": token})
        case "verify-email":
            return client.post("/api/v1/auth/email/verify", json={"token": token})
        case _:
            body = {"token": token, "new_password": "another-long-one"}
            return client.post("/api/v1/auth/password/reset", json=body)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", KINDS)
def test_token_of_one_kind_is_not_accepted_as_another(
    anonymous: Client, valid: dict[str, str], kind: str, door: str
) -> None:
    response = present(anonymous, valid[kind], door)
    if kind == door:
        assert response.status_code < 300
    else:
        status = 401 if door in {"access", "refresh"} else 400
        assert problem(response) == (status, "invalid-token")


def unsigned(claims: dict[str, Any]) -> str:
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def encode(claims: dict[str, Any], key: str = "", algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key or get_settings().secret_key.get_secret_value(), algorithm)


FAULTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "unsigned": unsigned,
    "signature left out": lambda claims: encode(claims).rpartition(".")[0] + ".",
    "other key": lambda claims: encode(claims, key="k" * 32),
    "other algorithm": lambda claims: encode(claims, algorithm="HS512"),
    "expired": lambda claims: encode(claims | {"exp": claims["exp"] - 901}),
    "eternal": lambda claims: encode({"aud": claims["aud"], "sub": claims["sub"]}),
    "other purpose": lambda claims: encode(claims | {"aud": "other"}),
    "unknown session": lambda claims: encode(claims | {"sub": str(uuid4())}),
    "subject that is no id": lambda claims: encode(claims | {"sub": "ann"}),
    "garbage": lambda _claims: "garbage",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_forged_token_is_refused(anonymous: Client, token_pair: TokenPair, fault: str) -> None:
    claims = tokens.read("access", token_pair.access_token)
    assert claims
    claims["sub"] = str(claims["sub"])
    response = present(anonymous, FAULTS[fault](claims), "access")
    assert problem(response) == (401, "invalid-token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": ""}])
def test_missing_token(anonymous: Client, headers: dict[str, str]) -> None:
    response = anonymous.get(ME, headers=headers)
    assert problem(response) == (401, "not-authenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["", "no-token", "grüße", "A" * 64, "A" * 1000])
def test_guessed_refresh_token(anonymous: Client, token: str) -> None:
    response = present(anonymous, token, "refresh")
    assert problem(response) == (401, "invalid-token")
