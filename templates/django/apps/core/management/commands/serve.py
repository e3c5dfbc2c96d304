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
# Seconds for which a silent client, or the rest of a body that nobody read, may hold a thread and a
# server that is to end. gunicorn has no setting for it; pyproject.toml bounds the version.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 1.0  # type: ignore[misc]


class Command(BaseCommand):
    help = "Serve in production: listen on HOST and PORT with WORKERS processes."

    def handle(self, **_: Any) -> None:
        if settings.PRODUCTION:
            refuse_unknown_schema()
        Server().run()


def refuse_unknown_schema() -> None:
    """Exit unless the database has exactly the migrations that this code knows."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        return  # away for now; /health/ready tells when it is back
    finally:
        connection.close()  # it cannot be shared with the processes that are about to be forked
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing)
        raise CommandError(f"The database lacks {names}: run `python manage.py migrate`.")
    applied = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    # Django keeps the rows of apps that were removed.
    unknown = [key for key in sorted(applied) if key[0] in executor.loader.migrated_apps]
    if unknown:
        raise CommandError(
            f"The database has {', '.join(map('.'.join, unknown))}, which this code does not: "
            "deploy the code that does or, if these were squashed, run "
            f"`python manage.py migrate {unknown[0][0]} --prune`."
        )


class PlainLogger(Logger):
    """Hands gunicorn's records to the project's own log."""

    def setup(self, cfg: Any) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel("INFO")


class Server(BaseApplication):
    """gunicorn; it reads FORWARDED_ALLOW_IPS itself, for X-Forwarded-Proto."""

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
