"""What all tests share: a database of their own, users and clients of the API."""

import logging
from collections.abc import Iterator, MutableSequence
from io import StringIO
from secrets import token_hex
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core.logging import formatter
from tests.helpers import connect, save_user, sign_in


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """On a server, a name that no other run has; SQLite keeps its test database in memory."""
    if connections["default"].vendor != "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = f"test_{token_hex(8)}"


@pytest.fixture
def queries(db: None) -> Iterator[MutableSequence[Any]]:
    """The queries of a test, so far."""
    with CaptureQueriesContext(connection):
        yield connection.queries_log


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the application logs, one JSON object a line."""
    logger, level, stream = logging.getLogger(), logging.getLogger().level, StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("json"))
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield stream
    logger.setLevel(level)
    logger.removeHandler(handler)


@pytest.fixture
def anonymous(db: None) -> APIClient:
    return connect()


@pytest.fixture
def user(db: None) -> User:
    return save_user("ann@example.com")


@pytest.fixture
def token_pair(user: User) -> dict[str, str]:
    return sign_in(user)


@pytest.fixture
def api(token_pair: dict[str, str]) -> APIClient:
    """A client that `user` is signed in with."""
    return connect(token_pair["access_token"])


@pytest.fixture
def other(db: None) -> APIClient:
    return connect(sign_in(save_user("ben@example.com"))["access_token"])


@pytest.fixture
def admin(db: None) -> APIClient:
    return connect(sign_in(save_user("eve@example.com", role="admin"))["access_token"])
