"""Serve in production: listen on HOST and PORT with WORKERS processes."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Serve in production: listen on HOST and PORT with WORKERS processes."

    def handle(self, **_: Any) -> None:
        if settings.PRODUCTION:
            self.check_database()
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "config.wsgi"])  # noqa: S606

    def check_database(self) -> None:
        """Refuse a database that lacks migrations, and warn of one that is newer."""
        try:
            executor = MigrationExecutor(connection)
        except OperationalError:
            return  # /health/ready tells when the database is there
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing)
            raise CommandError(f"The database lacks {names}: run `python manage.py migrate`.")
        applied = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
        # Django keeps the rows of apps that were removed.
        unknown = [key for key in sorted(applied) if key[0] in executor.loader.migrated_apps]
        if unknown:
            names = ", ".join(map(".".join, unknown))
            self.stderr.write(f"Warning: the database is newer than this code: it has {names}.")
