"""Tokens: each kind opens its own door only, and what was forged or has expired opens none."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.helpers import Response, connect, problem, token_in

KINDS = ["access", "refresh", "verify-email", "reset-password"]
ME = "/api/v1/users/me"


@pytest.fixture
def valid(
    anonymous: APIClient, user: User, token_pair: dict[str, str], mailoutbox: list[EmailMessage]
) -> dict[str, str]:
    """A token of each kind."""
    anonymous.post("/api/v1/auth/email/resend", {"email": user.email})
    anonymous.post("/api/v1/auth/password/forgot", {"email": user.email})
    verification, reset = map(token_in, mailoutbox)
    return {
        "access": token_pair["access_token"],
        "refresh": token_pair["refresh_token"],
        "verify-email": verification,
        "reset-password": reset,
    }


def present(token: str, door: str) -> Response:
    client = connect()
    match door:
        case "access":
            return connect(token).get(ME)
        case "refresh":
            return client.post("/api/v1/auth/refresh", {"refresh_token": token})
        case "verify-email":
            return client.post("/api/v1/auth/email/verify", {"token": token})
        case _:
            body = {"token": token, "new_password": "another-long-one"}
            return client.post("/api/v1/auth/password/reset", body)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", KINDS)
def test_token_is_accepted_for_its_own_purpose_only(
    valid: dict[str, str], kind: str, door: str
) -> None:
    response = present(valid[kind], door)
    if kind == door:
        assert response.status_code in {200, 204}
    else:
        status = 401 if door in {"access", "refresh"} else 400
        assert problem(response) == (status, "invalid-token")


def unsigned(claims: dict[str, Any]) -> str:
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def encode(claims: dict[str, Any], key: str = settings.SECRET_KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm)


FAULTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "unsigned": unsigned,
    "signature left out": lambda claims: encode(claims).rpartition(".")[0] + ".",
    "other key": lambda claims: encode(claims, key="k" * 32),
    "other algorithm": lambda claims: encode(claims, algorithm="HS512"),
    "expired": lambda claims: encode(claims | {"exp": claims["exp"] - 901}),
    "eternal": lambda claims: encode({"aud": claims["aud"], "sub": claims["sub"]}),
    "other purpose": lambda claims: encode(claims | {"aud": "other"}),
    "unknown session": lambda claims: encode(claims | {"sub": str(uuid4())}),
    "subject is no id": lambda claims: encode(claims | {"sub": "nobody"}),
    "garbage": lambda _claims: "garbage",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_forged_token_is_refused(token_pair: dict[str, str], fault: str) -> None:
    claims = jwt.decode(token_pair["access_token"], options={"verify_signature": False})
    assert present(encode(claims), "access").status_code == 200
    response = present(FAULTS[fault](claims), "access")
    assert problem(response) == (401, "invalid-token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": ""}])
def test_missing_token(anonymous: APIClient, headers: dict[str, str]) -> None:
    response = anonymous.get(ME, headers=headers)
    assert problem(response) == (401, "not-authenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "no-token", "grüße", "A" * 64, "A" * 1000])
def test_guessed_refresh_token(token: str) -> None:
    assert problem(present(token, "refresh")) == (401, "invalid-token")
