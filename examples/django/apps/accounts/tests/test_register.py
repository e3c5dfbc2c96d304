"""Registering: the answer never tells whether an address is known; the mail does."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.helpers import PASSWORD, invalid

URL = "/api/v1/auth/register"
LOGIN = "/api/v1/auth/login"
NEW = {"email": "new@example.com", "password": PASSWORD}


def test_new_account_can_log_in_at_once(anonymous: APIClient) -> None:
    response = anonymous.post(URL, NEW)
    assert (response.status_code, response.content) == (202, b"")
    assert anonymous.post(LOGIN, NEW).status_code == 200


def test_verification_email_has_a_link(
    anonymous: APIClient, mailoutbox: list[EmailMessage]
) -> None:
    anonymous.post(URL, NEW)
    (mail,) = mailoutbox
    assert mail.to == ["new@example.com"]
    assert "http://localhost:8000/verify-email?token=" in mail.body


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@Example.com"])
@pytest.mark.usefixtures("user")
def test_registered_email_gets_the_same_response(anonymous: APIClient, email: str) -> None:
    new = anonymous.post(URL, NEW)
    taken = anonymous.post(URL, NEW | {"email": email})
    assert (taken.status_code, taken.content) == (new.status_code, new.content)
    assert taken.headers.keys() == new.headers.keys()


def test_owner_of_a_registered_email_is_notified(
    anonymous: APIClient, user: User, mailoutbox: list[EmailMessage]
) -> None:
    body = {"email": user.email, "password": "another-long-one"}
    anonymous.post(URL, body)
    (mail,) = mailoutbox
    assert mail.to == [user.email]
    assert mail.subject == "You already have an account"
    assert "token=" not in mail.body
    assert User.objects.count() == 1
    assert anonymous.post(LOGIN, body).status_code == 401


def test_email_is_stored_in_lower_case(anonymous: APIClient) -> None:
    anonymous.post(URL, NEW | {"email": "New.One@Example.COM"})
    assert User.objects.get().email == "new.one@example.com"


def test_domain_is_kept_in_its_ascii_form(anonymous: APIClient) -> None:
    anonymous.post(URL, NEW | {"email": "new@Bücher.example"})
    assert User.objects.get().email == "new@xn--bcher-kva.example"


def test_password_is_stored_as_argon2id(anonymous: APIClient) -> None:
    anonymous.post(URL, NEW)
    assert User.objects.get().password.startswith("argon2$argon2id$")


def test_clients_cannot_make_themselves_administrators(anonymous: APIClient) -> None:
    privileges = {"role": "admin", "is_admin": True, "is_staff": True, "is_superuser": True}
    anonymous.post(URL, NEW | privileges | {"email_verified": True, "name": "New"})
    user = User.objects.get()
    assert (user.name, user.role, user.email_verified) == ("New", "user", False)
    assert not user.is_staff


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "new@localhost"),
        ("email", "New <new@example.com>"),
        ("email", f"{'n' * 250}@example.com"),
        ("email", f"{'İ' * 200}@example.com"),
        ("email", "\N{KELVIN SIGN}ate@example.com"),
        ("email", f"new@{'ü' * 60}.{'ü' * 60}.{'ü' * 60}.example"),
        ("email", None),
        ("password", "7 chars"),
        ("password", "long " * 26),
        ("password", "long enough\0"),
        ("password", "Password1"),
        ("password", "iloveyou"),
        ("name", ""),
        ("name", "n" * 201),
    ],
)
def test_bad_value_is_refused(anonymous: APIClient, field: str, value: Any) -> None:
    assert invalid(anonymous.post(URL, NEW | {field: value})) == {f"#/{field}"}
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["8 chars!", "long " * 25 + "end", "grüße aus köln", "🔑" * 8])
def test_good_password_is_accepted(anonymous: APIClient, password: str) -> None:
    body = NEW | {"password": password}
    assert anonymous.post(URL, body).status_code == 202
    assert anonymous.post(LOGIN, body).status_code == 200


def test_spaces_around_a_password_belong_to_it(anonymous: APIClient) -> None:
    anonymous.post(URL, NEW | {"password": f" {PASSWORD} "})
    assert anonymous.post(LOGIN, NEW).status_code == 401
