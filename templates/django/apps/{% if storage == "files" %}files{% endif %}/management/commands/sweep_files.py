"""Delete stored bytes that no row knows, which a server leaves that dies during an upload."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from apps.files.models import File

KEY = re.compile(r"[0-9a-f]{32}")
BATCH = 500
# The row of an upload comes after its bytes.
AGE = dt.timedelta(hours=1)


class Command(BaseCommand):
    help = "Delete stored bytes that no row knows and that are older than an hour."

    def handle(self, **_: Any) -> str:
        try:
            count = sum(1 for _ in swept(timezone.now() - AGE))
        except OSError as error:
            raise CommandError(f"The storage cannot be reached: {error}") from error
        return f"Deleted the bytes of {count} uploads that no row knows."


def swept(limit: dt.datetime) -> Iterator[str]:
    """Delete what no row knows, and yield its names."""
    for name in unknown():
        try:
            if default_storage.get_modified_time(name) < limit:
                default_storage.delete(name)
                yield name
        except FileNotFoundError:
            pass  # the API has just deleted it


def unknown() -> Iterator[str]:
    names = [name for name in stored() if KEY.fullmatch(name)]
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        known = File.objects.filter(content__in=batch).values_list("content", flat=True)
        yield from set(batch) - set(known)


def stored() -> list[str]:
    try:
        return default_storage.listdir("")[1]
    except FileNotFoundError:
        return []  # nothing was uploaded yet
