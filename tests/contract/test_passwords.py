"""The rules for passwords; forgetting, resetting and changing one."""

from __future__ import annotations

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .mail import RESET, Mailbox
from .people import PASSWORD, Person, new_email

pytestmark = pytest.mark.auth

NEW = "another-good-one-7"
COMMON = ["password", "12345678", "qwertyuiop", "password123", "iloveyou1", "PASSWORD", "11111111"]


def _register(client: Client, password: object) -> tuple[str, int]:
    email = new_email()
    answer = client.post("/auth/register", {"email": email, "password": password})
    if answer.status_code != 202:
        expect_invalid(answer, "#/password")
    return email, answer.status_code


@pytest.fixture
def reset_token(client: Client, mailbox: Mailbox, newcomer: Person) -> str:
    client.post("/auth/password/forgot", {"email": newcomer.email})
    return mailbox.token(newcomer.email, RESET)


@pytest.mark.contract("passwords.length")
@pytest.mark.parametrize(
    "password",
    [
        "kT4#wz9Q",
        "k9" * 64,
        "påßwörd-ключ-鍵",
        "🍵🫖🌿🔥💧🍃🎋🏮",
        "  spaces around  ",
        "k\tT4#wz9Q",
    ],
)
def test_8_to_128_characters_of_any_kind_make_a_password(client: Client, password: str) -> None:
    email, status = _register(client, password)
    assert status == 202
    Person.signed_in(client, email, password)
    wrong = client.post("/auth/login", {"email": email, "password": password[:-1]})
    expect_problem(wrong, 401, "invalid-credentials")


@pytest.mark.contract("passwords.length")
@pytest.mark.parametrize("password", ["", "kT4#wz9", "k9" * 64 + "x", "🍵" * 7, None, 12345678, []])
def test_anything_else_is_422(client: Client, password: object) -> None:
    assert _register(client, password)[1] == 422


@pytest.mark.contract("passwords.length")
def test_every_character_of_a_long_password_counts(client: Client) -> None:
    email, status = _register(client, "k9" * 63 + "ab")
    assert status == 202
    answer = client.post("/auth/login", {"email": email, "password": "k9" * 63 + "ac"})
    expect_problem(answer, 401, "invalid-credentials")


@pytest.mark.contract("passwords.common")
@pytest.mark.parametrize("password", COMMON)
def test_common_passwords_are_refused(client: Client, password: str) -> None:
    assert _register(client, password)[1] == 422


@pytest.mark.contract("passwords.common", "passwords.length")
@pytest.mark.parametrize("password", ["short", "x" * 129, "password123", "\ud800" * 9, None])
def test_the_rules_hold_wherever_a_password_is_set(
    client: Client, newcomer: Person, reset_token: str, password: object
) -> None:
    change = {"current_password": newcomer.password, "new_password": password}
    expect_invalid(newcomer.post("/auth/password/change", change), "#/new_password")
    reset = {"token": reset_token, "new_password": password}
    expect_invalid(client.post("/auth/password/reset", reset), "#/new_password")
    assert newcomer.again().has_access()


@pytest.mark.contract("auth.forgot", "auth.reset", "conventions.empty", "tokens.at-once")
def test_a_reset_sets_the_password_and_ends_every_session(
    client: Client, newcomer: Person, reset_token: str
) -> None:
    elsewhere = newcomer.again()
    answer = client.post("/auth/password/reset", {"token": reset_token, "new_password": NEW})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not newcomer.has_access()
    assert not elsewhere.has_access()
    body = {"refresh_token": newcomer.refresh_token}
    assert client.post("/auth/refresh", body).status_code == 401
    login = {"email": newcomer.email, "password": newcomer.password}
    expect_problem(client.post("/auth/login", login), 401, "invalid-credentials")
    assert Person.signed_in(client, newcomer.email, NEW).has_access()


@pytest.mark.contract("auth.mail-tokens", "errors.mail-token")
def test_a_reset_token_works_once(client: Client, newcomer: Person, reset_token: str) -> None:
    body = {"token": reset_token, "new_password": NEW}
    assert client.post("/auth/password/reset", body).status_code == 204
    again = {"token": reset_token, "new_password": "a-third-password-5"}
    expect_problem(client.post("/auth/password/reset", again), 400, "invalid-token")
    Person.signed_in(client, newcomer.email, NEW)


@pytest.mark.contract("auth.mail-tokens")
def test_of_several_resets_at_once_one_counts(
    client: Client, newcomer: Person, reset_token: str
) -> None:
    passwords = [f"{NEW}-{n}" for n in range(6)]
    messages = [
        client.message(
            "POST", "/auth/password/reset", json={"token": reset_token, "new_password": password}
        )
        for password in passwords
    ]
    answers = client.race(messages)
    assert sorted(answer.status_code for answer in answers) == [204] + [400] * 5
    [winner] = [p for p, a in zip(passwords, answers, strict=True) if a.status_code == 204]
    Person.signed_in(client, newcomer.email, winner)


@pytest.mark.contract("auth.mail-tokens")
def test_a_token_is_of_no_use_once_its_account_is_gone(
    client: Client, newcomer: Person, reset_token: str
) -> None:
    assert newcomer.delete("/users/me").status_code == 204
    body = {"token": reset_token, "new_password": NEW}
    expect_problem(client.post("/auth/password/reset", body), 400, "invalid-token")


@pytest.mark.contract("auth.forgot")
@pytest.mark.parametrize("email", ["", "x", None, 1, [], "a\0@example.com"])
def test_forgetting_takes_an_address(client: Client, email: object) -> None:
    for path in ("/auth/password/forgot", "/auth/email/resend"):
        expect_invalid(client.post(path, {"email": email}), "#/email")


@pytest.mark.contract("auth.change", "tokens.at-once", "conventions.empty")
def test_a_change_ends_the_other_sessions(client: Client, newcomer: Person) -> None:
    elsewhere = newcomer.again()
    body = {"current_password": newcomer.password, "new_password": NEW}
    answer = newcomer.post("/auth/password/change", body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert newcomer.has_access()
    assert not elsewhere.has_access()
    login = {"email": newcomer.email, "password": newcomer.password}
    expect_problem(client.post("/auth/login", login), 401, "invalid-credentials")
    assert Person.signed_in(client, newcomer.email, NEW).has_access()


@pytest.mark.contract("auth.change", "errors.validation")
@pytest.mark.parametrize("missing", ["current_password", "new_password"])
def test_a_change_needs_both_passwords(stranger: Person, missing: str) -> None:
    body = {"current_password": stranger.password, "new_password": NEW}
    del body[missing]
    expect_invalid(stranger.post("/auth/password/change", body), f"#/{missing}")


@pytest.mark.contract("auth.change", "errors.not-authenticated")
def test_a_change_needs_a_token(client: Client) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    answer = client.post("/auth/password/change", body)
    expect_problem(answer, 401, "not-authenticated")
