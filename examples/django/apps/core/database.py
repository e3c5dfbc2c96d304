"""The time limit of database statements, and the meaning of database errors."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from psycopg.pq import TransactionStatus

UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
FOREIGN_KEY = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
CONNECTION = ("08", "28", "3D", "53300", "57P")  # prefixes
# Trying again later may help with these (PostgreSQL Error Codes, SQLite Result Codes).
TRANSIENT = {
    "57014": "The database took too long to answer.",
    "40P01": "The request was in a deadlock with another one.",
    "40001": "The request was in conflict with another one.",
    "55P03": "The request waited too long for another one.",
    "SQLITE_BUSY": "The database is busy.",
}


def limit_statements(connection: Any, **_: Any) -> None:
    """Give up on a statement, and on a server, after DATABASE_TIMEOUT_SECONDS.

    The limit is not the server's own, since PgBouncer refuses that as a startup parameter.
    """
    if connection.vendor == "postgresql":
        driver = connection.connection
        driver.wait = partial(wait_within_limit, driver, driver.wait)


def wait_within_limit(
    driver: psycopg.Connection, wait: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    seconds = settings.DATABASE_TIMEOUT_SECONDS
    try:
        return wait(*args, **{"timeout": seconds} | kwargs)
    except psycopg.OperationalError as error:
        if driver.info.transaction_status != TransactionStatus.ACTIVE:
            raise  # the server has answered
        with suppress(psycopg.Error):
            driver.cancel_safe(timeout=1)
        driver.close()
        message = f"no answer from the database within {seconds} seconds"
        raise psycopg.errors.QueryCanceled(message) from error


def error_code(error: Exception) -> str | None:
    """Return the code that PostgreSQL or SQLite gives the error."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)


def is_unique_violation(error: Exception) -> bool:
    return error_code(error) in UNIQUE


def is_connection_failure(error: Exception) -> bool:
    """Return whether there was no connection: only then the error has no code, or one of these."""
    code = error_code(error)
    is_of_connection = code is None or code == "SQLITE_CANTOPEN" or code.startswith(CONNECTION)
    return is_of_connection and isinstance(error, OperationalError | InterfaceError)
