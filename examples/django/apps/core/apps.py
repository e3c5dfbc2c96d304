"""Core is an app for its commands, and for what every database connection needs."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from apps.core.database import limit_statements


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        connection_created.connect(prepare_sqlite)
        connection_created.connect(limit_statements)


def prepare_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """SQLite's own lower() knows ASCII only, and searches compare in lower case."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("lower", 1, lower, deterministic=True)


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
