"""Registration: only the email tells whether the address has an account already."""

from typing import Any

import pytest
from httpx2 import Client
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.users.models import User
from tests.helpers import PASSWORD, Mailbox, invalid

URL = "/api/v1/auth/register"
LOGIN = "/api/v1/auth/login"
NEW = {"email": "new@example.com", "password": PASSWORD}

pytestmark = pytest.mark.usefixtures("mailbox")


def find(db: Session, email: str) -> User:
    return db.scalars(select(User).where(User.email == email)).one()


def test_account_can_be_used_at_once(anonymous: Client) -> None:
    response = anonymous.post(URL, json=NEW)
    assert (response.status_code, response.content) == (202, b"")
    assert anonymous.post(LOGIN, json=NEW).status_code == 200


def test_verification_email_has_a_link(anonymous: Client, mailbox: Mailbox) -> None:
    anonymous.post(URL, json=NEW)
    (mail,) = mailbox.read()
    assert mail["To"] == "new@example.com"
    assert "http://localhost:8000/verify-email?token=" in mail.as_string().replace("=\n", "")


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@Example.com"])
def test_registered_email_gets_the_same_response(anonymous: Client, user: User, email: str) -> None:
    new = anonymous.post(URL, json=NEW)
    taken = anonymous.post(URL, json=NEW | {"email": email})
    assert (taken.status_code, taken.content) == (new.status_code, new.content)
    assert set(taken.headers.keys()) == set(new.headers.keys())


def test_owner_of_a_registered_email_is_notified(
    anonymous: Client, db: Session, user: User, mailbox: Mailbox
) -> None:
    body = {"email": user.email, "password": "another-long-one"}
    anonymous.post(URL, json=body)
    (mail,) = mailbox.read()
    assert mail["To"] == user.email
    assert mail["Subject"] == "You already have an account"
    assert "token=" not in mail.as_string()
    assert db.scalar(select(func.count(User.id))) == 1
    assert anonymous.post(LOGIN, json=body).status_code == 401


def test_email_is_stored_in_lower_case(anonymous: Client, db: Session) -> None:
    anonymous.post(URL, json=NEW | {"email": "New.One@Example.COM"})
    assert find(db, "new.one@example.com").name is None


def test_password_is_stored_as_argon2id(anonymous: Client, db: Session) -> None:
    anonymous.post(URL, json=NEW)
    assert find(db, NEW["email"]).password_hash.startswith("$argon2id$")


def test_registration_cannot_set_privileges(anonymous: Client, db: Session) -> None:
    privileges = {"role": "admin", "is_admin": True, "email_verified": True}
    anonymous.post(URL, json=NEW | privileges | {"name": "New"})
    user = find(db, NEW["email"])
    assert (user.name, user.role, user.email_verified) == ("New", "user", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "new@localhost"),
        ("email", "New <new@example.com>"),
        ("email", f"{'n' * 250}@example.com"),
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
def test_bad_value_is_refused(anonymous: Client, field: str, value: Any) -> None:
    assert invalid(anonymous.post(URL, json=NEW | {field: value})) == {f"#/{field}"}


@pytest.mark.parametrize("password", ["8 chars!", "long " * 25 + "end", "grüße aus köln", "🔑" * 8])
def test_good_password_is_accepted(anonymous: Client, password: str) -> None:
    body = NEW | {"password": password}
    assert anonymous.post(URL, json=body).status_code == 202
    assert anonymous.post(LOGIN, json=body).status_code == 200
