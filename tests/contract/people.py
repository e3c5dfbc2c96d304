"""Hosts under test, and the people who use them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from .client import Client
from .mail import Mailbox
from .server import Server

PASSWORD = "correct-horse-battery"


def new_email(name: str = "user") -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}@example.com"


class Person(Client):
    """A client that is signed in, in one session."""

    email: str
    password: str
    pair: dict[str, Any]

    @classmethod
    def signed_in(cls, client: Client, email: str, password: str, **options: Any) -> Person:
        answer = client.anonymous().post(
            "/auth/login", {"email": email, "password": password}, **options
        )
        assert answer.status_code == 200, answer.text
        return cls.from_pair(client, email, password, answer.json())

    @classmethod
    def from_pair(cls, client: Client, email: str, password: str, pair: dict[str, Any]) -> Person:
        token = pair["access_token"]
        person = cls(client.url, client.watch, token=token, http=client.http)
        person.email, person.password, person.pair = email, password, pair
        return person

    @property
    def refresh_token(self) -> str:
        return str(self.pair["refresh_token"])

    def again(self, **options: Any) -> Person:
        """The same person, signed in on one more device."""
        return Person.signed_in(self, self.email, self.password, **options)

    def me(self) -> dict[str, Any]:
        answer = self.get("/users/me")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    @property
    def id(self) -> str:
        return str(self.me()["id"])

    def has_access(self) -> bool:
        """Ask over several connections, so that every process has its say."""
        message = self.message("GET", "/users/me", headers=[("Connection", "close")])
        answers = [self.raw(message) for _ in range(8)]
        statuses = {answer.status_code for answer in answers if answer}
        assert statuses in ({200}, {401}), f"the processes do not agree: {statuses}"
        return statuses == {200}


@dataclass
class Host:
    """A server under test with its mails and its admin."""

    client: Client
    mailbox: Mailbox
    admin_credentials: tuple[str, str]
    server: Server | None = None

    def register(self, email: str | None = None, password: str = PASSWORD, **more: Any) -> str:
        email = email or new_email()
        body = {"email": email, "password": password, **more}
        answer = self.client.post("/auth/register", body)
        assert answer.status_code == 202, answer.text
        return email

    def person(self, email: str | None = None, password: str = PASSWORD, **more: Any) -> Person:
        email = self.register(email, password, **more)
        return Person.signed_in(self.client, email, password)

    def admin(self) -> Person:
        return Person.signed_in(self.client, *self.admin_credentials)
