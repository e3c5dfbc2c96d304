"""Helpers for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from runpy import run_path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.db import connections
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import TestCase
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core import background
from config.env import database

if TYPE_CHECKING:  # what the test clients return has json() as well
    from django.test.client import _MonkeyPatchedWSGIResponse
    from rest_framework.response import _MonkeyPatchedResponse

    Response = _MonkeyPatchedWSGIResponse | _MonkeyPatchedResponse
else:
    Response = HttpResponse

UNKNOWN = "01900000-0000-7000-8000-000000000000"
PASSWORD = "violet-otter-juggles"


class Caller(APIClient):
    """A client that waits until the background jobs of its requests are done, such as emails."""

    def request(self, **kwargs: Any) -> Any:
        # A test runs in a transaction, which is never committed.
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**kwargs)
        finish_background()
        return response


def finish_background() -> None:
    """Wait for the jobs, and close their connection: a test database in use can't be dropped."""
    background.worker.submit(connections.close_all).result()  # its one thread does jobs in order


def connect(token: str = "", *, address: str = "127.0.0.1") -> APIClient:
    """A client that sends JSON from that address, signed in by that access token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = Caller(headers=headers, REMOTE_ADDR=address)
    client.default_format = "json"
    return client


def save_user(email: str, **values: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **values)


def sign_in(user: User) -> dict[str, str]:
    """A token pair of a new session."""
    body = {"email": user.email, "password": PASSWORD}
    response = connect().post("/api/v1/auth/login", body, headers={"User-Agent": "tests"})
    pair: dict[str, str] = response.json()
    return pair


def token_in(mail: EmailMessage) -> str:
    """The one in the mail's link."""
    return str(mail.body).split("token=")[1].strip()


@contextmanager
def database_away() -> Iterator[None]:
    """Ask for the database where no server listens."""
    nowhere = database("postgresql://127.0.0.1:1/app") | {"OPTIONS": {}}
    kept = connections["default"]
    connections["default"] = ConnectionHandler({"default": nowhere})["default"]
    try:
        yield
    finally:
        connections["default"] = kept


def load_urls_again(settings: Settings) -> None:
    """Load the URLs again, for settings that were changed."""
    urls = ModuleType("urls")
    vars(urls).update(run_path(str(Path(__file__).parents[1] / "config" / "urls.py")))
    settings.ROOT_URLCONF = urls


def problem(response: Response) -> tuple[int, str]:
    """The status and type of an error."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    assert response.json()["status"] == response.status_code
    return response.status_code, response.json()["type"].removeprefix("urn:problem:")


def invalid(response: Response) -> set[str]:
    """The places in the body and the parameters that a 422 names."""
    assert problem(response) == (422, "validation-error"), response.content
    return {error.get("pointer") or error["parameter"] for error in response.json()["errors"]}
