"""Logging in with a form, as clients of OAuth 2 and the page /docs do."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest

from .client import Client
from .expect import expect_invalid, expect_problem, without_trace
from .people import Person, new_email

pytestmark = pytest.mark.auth

FORM = "application/x-www-form-urlencoded"


def send(client: Client, form: dict[str, str], **headers: str) -> httpx.Response:
    return client.request("POST", "/auth/token", data=form, headers=headers)


def filled_in(person: Person, **more: str) -> dict[str, str]:
    form = {"grant_type": "password", "username": person.email, "password": person.password}
    return {**form, **more}


def expect_session(person: Person, answer: httpx.Response) -> None:
    """The answer holds a pair of tokens of a session of this person's."""
    assert answer.status_code == 200, answer.text
    pair = answer.json()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    session = Person.from_pair(person, person.email, person.password, pair)
    assert session.me()["email"] == person.email


@pytest.mark.contract("auth.token-form", "tokens.pair")
def test_a_form_starts_a_session(client: Client, newcomer: Person) -> None:
    expect_session(newcomer, send(client, filled_in(newcomer)))
    assert newcomer.get("/auth/sessions").json()["total"] == 2


@pytest.mark.contract("auth.token-form")
@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        # Swagger UI: the credentials of a client without a name, in the header or in the form.
        ({"scope": ""}, {"Authorization": "Basic Og==", "X-Requested-With": "XMLHttpRequest"}),
        ({"scope": "", "client_id": "x", "client_secret": "y"}, {}),
        ({"scope": "a b", "audience": "c"}, {"Authorization": "Basic eDp5"}),
        ({}, {"Authorization": "Bearer x.y.z"}),
    ],
    ids=["swagger-ui", "client-in-form", "scope", "bearer"],
)
def test_what_else_a_client_sends_is_ignored(
    client: Client, stranger: Person, fields: dict[str, str], headers: dict[str, str]
) -> None:
    expect_session(stranger, send(client, filled_in(stranger, **fields), **headers))


@pytest.mark.contract("auth.token-form")
@pytest.mark.parametrize("media_type", [FORM, f"{FORM}; charset=UTF-8", FORM.title()])
def test_a_form_may_name_its_encoding(client: Client, stranger: Person, media_type: str) -> None:
    answer = send(client, filled_in(stranger), **{"Content-Type": media_type})
    expect_session(stranger, answer)


@pytest.mark.contract("auth.token-form", "auth.email-case")
def test_the_username_is_an_address_without_regard_to_case(
    client: Client, stranger: Person
) -> None:
    expect_session(stranger, send(client, filled_in(stranger, username=stranger.email.upper())))


@pytest.mark.contract("auth.token-form", "errors.invalid-credentials")
def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: Client, stranger: Person
) -> None:
    wrong = send(client, filled_in(stranger, password="wrong-one-9"))
    unknown = send(client, filled_in(stranger, username=new_email()))
    expect_problem(wrong, 401, "invalid-credentials")
    assert without_trace(wrong) == without_trace(unknown)
    assert wrong.headers["www-authenticate"] == "Bearer"


@pytest.mark.contract("auth.token-form", "errors.pointer")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grant_type", None),
        ("grant_type", "client_credentials"),
        ("username", None),
        ("username", "no-address"),
        ("username", "a\0@example.com"),
        ("password", None),
        ("password", "nul\0nul\0"),
    ],
)
def test_a_wrong_field_of_a_form_is_named(
    client: Client, stranger: Person, field: str, value: str | None
) -> None:
    form = filled_in(stranger)
    del form[field]
    sent = form if value is None else {**form, field: value}
    expect_invalid(send(client, sent), f"#/{field}")


@pytest.mark.contract("auth.token-form")
@pytest.mark.parametrize("kind", ["json", "multipart", "text"])
def test_a_body_that_is_not_a_form_is_415(client: Client, stranger: Person, kind: str) -> None:
    form = filled_in(stranger)
    bodies: dict[str, dict[str, Any]] = {
        "json": {"json": form},
        "multipart": {"files": {name: (None, value) for name, value in form.items()}},
        "text": {"content": b"grant_type=password", "headers": {"Content-Type": "text/plain"}},
    }
    expect_problem(client.request("POST", "/auth/token", **bodies[kind]), 415)


@pytest.mark.contract("input.never-5xx", "auth.token-form")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&==&",
        b"username=%",
        b"username=%FF&password=%ED%A0%80&grant_type=password",
        b"grant_type=password&username=a%40example.com&username=b%40example.com&password=x",
        b"a=1&" * 5_000,
        b"\x00\xff",
        b"password=" + b"x" * 1_000_000,
    ],
    ids=["empty", "bare", "percent", "bytes", "twice", "many", "binary", "long"],
)
def test_an_odd_form_is_the_fault_of_its_client(client: Client, body: bytes) -> None:
    headers = {"Content-Type": FORM}
    answer = client.request("POST", "/auth/token", content=body, headers=headers)
    assert answer.status_code in (400, 401, 413, 422), answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/problem+json"


@pytest.mark.contract("input.too-large")
def test_a_form_has_the_limit_of_a_body(client: Client) -> None:
    body = b"password=" + b"x" * 2**20
    answer = client.request("POST", "/auth/token", content=body, headers={"Content-Type": FORM})
    expect_problem(answer, 413)
