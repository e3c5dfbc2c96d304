"""Serve in production: listen on HOST and PORT with WORKERS processes."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers import gthread

THREADS = 8
# For so long a client may hold a thread, and a server that is to end, before it says anything.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 1.0  # type: ignore[misc]


class Command(BaseCommand):
    help = "Serve in production: listen on HOST and PORT with WORKERS processes."

    def handle(self, **_: Any) -> None:
        if settings.PRODUCTION:
            refuse_unknown_schema()
        Server().run()


def refuse_unknown_schema() -> None:
    """Exit unless the database has just the migrations that this code knows."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        return  # away for now; /health/ready tells when it is back
    finally:
        close_pool()
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if missing or unknown:
        lacks = [f"{migration.app_label}.{migration.name}" for migration, _ in missing]
        has = [".".join(name) for name in sorted(unknown)]
        raise CommandError(
            f"The database lacks the migrations [{', '.join(lacks)}] and has [{', '.join(has)}] "
            "of other code: run `python manage.py migrate`, or deploy the code that fits."
        )


def close_pool() -> None:
    """Connections cannot be shared with the processes that are about to be forked."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


class PlainLogger(Logger):
    """Hands gunicorn's records to the project's own log."""

    def setup(self, cfg: Any) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel("INFO")


class Server(BaseApplication):
    def load_config(self) -> None:
        options = {
            "bind": f"{settings.HOST}:{settings.PORT}",
            "workers": settings.WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": 30,
            "control_socket_disable": True,
            "logger_class": PlainLogger,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from config.wsgi import application

        return application
