"""Delete stored bytes that no row knows."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from apps.files.storage import sweep


class Command(BaseCommand):
    help = "Delete stored bytes that no row knows, since a process was killed in between."

    def handle(self, **_: Any) -> str:
        try:
            count = sweep()
        except OSError as error:
            raise CommandError(f"The storage cannot be reached: {error}") from error
        return f"Deleted the bytes of {count} files that no row knows."
