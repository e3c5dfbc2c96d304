"""Registering, and the mails that verify an address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .mail import RESET, VERIFY, Mailbox
from .people import PASSWORD, Host, Person, new_email
from .site import PUBLIC_URL, Site

pytestmark = pytest.mark.auth


def _registered(client: Client, email: str, password: str = PASSWORD) -> None:
    answer = client.post("/auth/register", {"email": email, "password": password})
    assert answer.status_code == 202, answer.text


@pytest.mark.contract("auth.register", "users.me")
def test_who_registers_can_log_in_at_once(client: Client) -> None:
    email = new_email()
    body = {"email": email, "password": PASSWORD, "name": "Ada Ångström"}
    answer = client.post("/auth/register", body)
    assert (answer.status_code, answer.content) == (202, b"")
    me = Person.signed_in(client, email, PASSWORD).me()
    assert (me["email"], me["name"], me["role"]) == (email, "Ada Ångström", "user")
    assert me["email_verified"] is False


@pytest.mark.contract("auth.register")
def test_a_name_is_not_needed(client: Client) -> None:
    email = new_email()
    _registered(client, email)
    assert not Person.signed_in(client, email, PASSWORD).me()["name"]


@pytest.mark.contract("auth.register")
def test_a_taken_address_answers_like_a_new_one(client: Client, newcomer: Person) -> None:
    body = {"email": newcomer.email, "password": PASSWORD}
    taken = client.post("/auth/register", body)
    new = client.post("/auth/register", {**body, "email": new_email()})
    ours = {"x-request-id", "date", "content-length", "connection"}
    assert taken.status_code == new.status_code == 202
    assert taken.content == new.content == b""
    assert {k: v for k, v in taken.headers.items() if k not in ours} == {
        k: v for k, v in new.headers.items() if k not in ours
    }


@pytest.mark.contract("auth.register")
def test_registering_again_changes_nothing(client: Client, newcomer: Person) -> None:
    before = newcomer.me()
    body = {"email": newcomer.email, "password": "a-strangers-password", "name": "Stranger"}
    assert client.post("/auth/register", body).status_code == 202
    assert newcomer.me() == before
    login = {"email": newcomer.email, "password": "a-strangers-password"}
    expect_problem(client.post("/auth/login", login), 401, "invalid-credentials")
    assert newcomer.again().has_access()


@pytest.mark.contract("auth.register-taken")
def test_the_owner_of_a_taken_address_is_told(
    client: Client, mailbox: Mailbox, newcomer: Person
) -> None:
    mailbox.wait(newcomer.email, 1)
    _registered(client, newcomer.email, "a-strangers-password")
    first, second = mailbox.wait(newcomer.email, 2)
    assert str(first.message["Subject"]) != str(second.message["Subject"])
    assert second.token(VERIFY) is None


@pytest.mark.contract("auth.email-case", "auth.register")
def test_an_address_is_taken_in_any_case(client: Client, mailbox: Mailbox) -> None:
    email = new_email("Mixed.Case")
    _registered(client, email)
    _registered(client, email.upper(), "a-strangers-password")
    for spelled in (email, email.lower(), email.upper()):
        person = Person.signed_in(client, spelled, PASSWORD)
        assert person.me()["email"].casefold() == email.casefold()
    mailbox.wait(email, 2)


@pytest.mark.contract("auth.register")
@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@b@example.com",
        "a@exa mple.com",
        "a@example..com",
        "x" * 400 + "@example.com",
        "A <a@example.com>",
        "a@example.com,b@example.com",
        "a@example.com\nBcc: b@example.com",
        None,
        1,
        [],
        {},
    ],
)
def test_what_is_no_address_is_422(client: Client, email: object) -> None:
    body = {"email": email, "password": PASSWORD}
    expect_invalid(client.post("/auth/register", body), "#/email")


@pytest.mark.contract("auth.register-race", "auth.email-case")
def test_registrations_of_one_address_at_once_make_one_account(host: Host) -> None:
    client = host.client
    for _ in range(3):
        email = new_email()
        passwords = [f"{PASSWORD}-{n}" for n in range(6)]
        messages = [
            client.message("POST", "/auth/register", json={"email": spelled, "password": password})
            for password, spelled in zip(passwords, [email, email.upper()] * 3, strict=True)
        ]
        assert {answer.status_code for answer in client.race(messages)} == {202}
        logins = [
            client.post("/auth/login", {"email": email, "password": password}).status_code
            for password in passwords
        ]
        assert sorted(logins) == [200, 401, 401, 401, 401, 401]
        assert host.admin().get("/users", params={"q": email}).json()["total"] == 1


@pytest.mark.contract("auth.email-verify", "auth.mail-tokens", "errors.mail-token")
def test_the_mailed_token_verifies_once(client: Client, mailbox: Mailbox, newcomer: Person) -> None:
    token = mailbox.token(newcomer.email, VERIFY)
    answer = client.post("/auth/email/verify", {"token": token})
    assert (answer.status_code, answer.content) == (204, b"")
    assert newcomer.me()["email_verified"] is True
    again = client.post("/auth/email/verify", {"token": token})
    expect_problem(again, 400, "invalid-token")
    assert newcomer.me()["email_verified"] is True


@pytest.mark.contract("auth.mail-tokens")
def test_of_several_uses_of_a_token_at_once_one_counts(client: Client, mailbox: Mailbox) -> None:
    email = new_email()
    _registered(client, email)
    token = mailbox.token(email, VERIFY)
    message = client.message("POST", "/auth/email/verify", json={"token": token})
    answers = client.race([message] * 6)
    assert sorted(answer.status_code for answer in answers) == [204] + [400] * 5


@pytest.mark.contract("auth.email-resend")
def test_resending_mails_another_token(client: Client, mailbox: Mailbox, newcomer: Person) -> None:
    answer = client.post("/auth/email/resend", {"email": newcomer.email.upper()})
    assert (answer.status_code, answer.content) == (202, b"")
    token = mailbox.tokens(newcomer.email, VERIFY, 2)[-1]
    assert client.post("/auth/email/verify", {"token": token}).status_code == 204
    assert newcomer.me()["email_verified"] is True


@pytest.mark.contract("auth.email-resend", "auth.forgot")
def test_nobody_learns_which_addresses_are_known(
    client: Client, mailbox: Mailbox, newcomer: Person
) -> None:
    unknown = new_email()
    for path in ("/auth/email/resend", "/auth/password/forgot"):
        for email in (unknown, newcomer.email):
            answer = client.post(path, {"email": email})
            assert (answer.status_code, answer.content) == (202, b"")
    mailbox.token(newcomer.email, RESET)
    assert mailbox.to(unknown) == []


@pytest.mark.contract("settings.mail", "settings.mail-link")
def test_a_mail_is_text_and_html_with_a_link(
    site: Site, mailbox: Mailbox, newcomer: Person
) -> None:
    [mail] = mailbox.wait(newcomer.email)
    assert mail.part("plain").strip()
    assert "<" in mail.part("html")
    assert mail.message["Subject"]
    assert mail.message["Date"]
    link = mail.link(VERIFY)
    assert link is not None
    assert link.replace("&", "&amp;") in mail.part("html") or link in mail.part("html")
    if not site.external:
        assert link.startswith(f"{PUBLIC_URL}{VERIFY}?token=")
        assert "noreply@localhost" in str(mail.message["From"])


@pytest.mark.contract("settings.mail")
def test_what_a_user_writes_stays_text_in_a_mail(host: Host, mailbox: Mailbox) -> None:
    name = "<a href='https://evil.example.net/'>Click</a>\r\nBcc: x@example.net"
    answer = host.client.post(
        "/auth/register", {"email": (email := new_email()), "password": PASSWORD, "name": name}
    )
    if answer.status_code == 202:
        [mail] = mailbox.wait(email)
        assert "<a href='https://evil" not in mail.part("html")
        assert "Bcc" not in mail.message


@pytest.mark.contract("auth.register-race", "input.never-5xx")
def test_many_registrations_at_once_all_succeed(client: Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _registered(client, new_email()), range(24)))
