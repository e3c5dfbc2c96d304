"""Helpers for tests: clients, users, emails and errors."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Client, Response
from sqlalchemy.orm import Session

from app.auth import passwords
from app.auth.schemas import TokenPair
from app.users.models import User

PASSWORD = "violet-otter-juggles"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


def connect(app: FastAPI, token: str = "", *, ip: str = "127.0.0.1") -> Client:
    """A client of the application, without a server or a network between them."""
    client = TestClient(
        app,
        base_url="http://localhost",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        client=(ip, 50_000),
        raise_server_exceptions=False,
        follow_redirects=False,
    )
    # The clients of an application that runs share its event loop, as its connections do.
    client.portal = getattr(app.state, "portal", None)
    return client


def save_user(db: Session, email: str, **values: Any) -> User:
    user = User(email=email, password_hash=passwords.hasher.hash(PASSWORD), **values)
    db.add(user)
    db.commit()
    return user


def sign_in(app: FastAPI, user: User) -> TokenPair:
    body = {"email": user.email, "password": PASSWORD}
    headers = {"User-Agent": "tests"}
    response = connect(app).post("/api/v1/auth/login", json=body, headers=headers)
    return TokenPair.model_validate(response.json())


@dataclass(frozen=True)
class Mailbox:
    """The folder that MAIL_URL names."""

    folder: Path

    def read(self) -> list[EmailMessage]:
        """Return all emails, the oldest first."""
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(self.folder.glob("*.eml"))
        ]

    def token(self) -> str:
        """Return the token of the link in the newest email."""
        return token_in(self.read()[-1])


def token_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text
    return str(text.get_content()).split("token=")[1].strip()


def problem(response: Response) -> tuple[int, str]:
    """Return the status and the type of an error."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    assert response.json()["status"] == response.status_code
    return response.status_code, response.json()["type"].removeprefix("urn:problem:")


def invalid(response: Response) -> set[str]:
    """Return the places in the body and the parameters that a 422 names."""
    assert problem(response) == (422, "validation-error"), response.text
    return {error.get("pointer") or error["parameter"] for error in response.json()["errors"]}
