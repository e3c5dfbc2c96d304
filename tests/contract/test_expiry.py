"""Tokens of every kind, once their time has passed."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from .expect import expect_problem
from .mail import RESET, VERIFY
from .people import PASSWORD, Host, Person

pytestmark = pytest.mark.auth


@dataclass
class Expired:
    person: Person
    verification: str
    reset: str


@pytest.fixture(scope="module")
def expired(shortlived: Host) -> Expired:
    """Someone whose tokens lasted one second each."""
    person = shortlived.person()
    shortlived.client.post("/auth/password/forgot", {"email": person.email})
    verification = shortlived.mailbox.token(person.email, VERIFY)
    reset = shortlived.mailbox.token(person.email, RESET)
    time.sleep(1.1)  # Asking earlier whether they have expired would use them up.
    return Expired(person, verification, reset)


@pytest.mark.contract("tokens.access", "tokens.forged", "tokens.pair", "settings.environment")
def test_an_access_token_expires(expired: Expired) -> None:
    assert expired.person.pair["expires_in"] == 1
    expect_problem(expired.person.get("/users/me"), 401, "invalid-token")


@pytest.mark.contract("tokens.refresh")
def test_a_refresh_token_expires(shortlived: Host, expired: Expired) -> None:
    body = {"refresh_token": expired.person.refresh_token}
    answer = shortlived.client.post("/auth/refresh", body)
    expect_problem(answer, 401, "invalid-token")


@pytest.mark.contract("auth.mail-tokens", "errors.mail-token")
def test_a_verification_token_expires(shortlived: Host, expired: Expired) -> None:
    answer = shortlived.client.post("/auth/email/verify", {"token": expired.verification})
    expect_problem(answer, 400, "invalid-token")


@pytest.mark.contract("auth.mail-tokens", "errors.mail-token")
def test_a_reset_token_expires(shortlived: Host, expired: Expired) -> None:
    body = {"token": expired.reset, "new_password": "another-good-one-7"}
    answer = shortlived.client.post("/auth/password/reset", body)
    expect_problem(answer, 400, "invalid-token")
    assert Person.signed_in(shortlived.client, expired.person.email, PASSWORD).token
