"""Django's command, of which two at once wait for each other."""

from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

LOCK = 0x6D696772617465  # "migrate" in ASCII; any number that nothing else locks will do


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        settings.DATABASE_TIMEOUT_SECONDS = None  # a migration may take long
        # The lock ends with its transaction, as it has to behind PgBouncer.
        with closing(connection.copy()) as other:
            other.set_autocommit(False)
            other.cursor().execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return super().handle(*args, **options)
