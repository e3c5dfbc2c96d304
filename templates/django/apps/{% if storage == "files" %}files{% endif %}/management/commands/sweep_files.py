"""Delete orphaned files."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from apps.files.storage import sweep


class Command(BaseCommand):
    help = "Delete orphaned files: stored bytes without a row in the database, left by a crash."

    def handle(self, **_: Any) -> str:
        try:
            count = sweep()
        except OSError as error:
            raise CommandError(f"The storage cannot be reached: {error}") from error
        return f"Orphaned files deleted: {count}."
