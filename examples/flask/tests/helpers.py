"""Helpers for tests: clients, users, emails and errors."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from httpx2 import Client, Request, Response, WSGITransport
from sqlalchemy.orm import Session

from app.auth import passwords
from app.auth.schemas import TokenPair
from app.core import background
from app.users.models import User

PASSWORD = "violet-otter-juggles"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


class PatientClient(Client):
    """A client that waits for the background jobs of its requests."""

    def send(self, request: Request, **options: Any) -> Response:
        response = super().send(request, **options)
        finish_jobs()
        return response


def finish_jobs() -> None:
    """Wait until the background jobs have ended."""
    background.worker.shutdown()
    background.worker = ThreadPoolExecutor(max_workers=1)


def connect(app: APIFlask, token: str = "", *, ip: str = "127.0.0.1") -> Client:
    """A client of the application, without a server or a network between them."""
    return PatientClient(
        transport=WSGITransport(app, remote_addr=ip),
        base_url="http://localhost",
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )


def save_user(db: Session, email: str, **values: Any) -> User:
    user = User(email=email, password_hash=passwords.hasher.hash(PASSWORD), **values)
    db.add(user)
    db.commit()
    return user


def sign_in(app: APIFlask, user: User) -> TokenPair:
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
