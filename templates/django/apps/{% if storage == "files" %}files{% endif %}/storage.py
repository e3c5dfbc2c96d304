"""The storage: 503 where it fails, and the orphaned files that a crash leaves in it."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.core.errors import Problem
from apps.files.models import File

KEY = re.compile(r"[0-9a-f]{32}")
BATCH = 500
# Younger bytes may be those of an upload whose row is not there yet.
SWEPT_AFTER = dt.timedelta(hours=1)

log = structlog.get_logger()


@contextmanager
def reaching_storage() -> Iterator[None]:
    """Answer 503 if the storage fails, as it does with an OSError, be it a folder or S3."""
    try:
        yield
    except OSError as error:
        raise Problem(503, detail="The storage cannot be reached. Try again soon.") from error


def sweep() -> int:
    """Delete bytes without a row, whose process was killed, and count them."""
    if not File.objects.exists():
        # The bytes in the storage may be those of another database.
        log.warning("files not swept: the database has none")
        return 0
    before = timezone.now() - SWEPT_AFTER
    count = 0
    for name in unknown():
        try:
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                count += 1
        except FileNotFoundError:
            pass  # the API has just deleted it
    return count


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
