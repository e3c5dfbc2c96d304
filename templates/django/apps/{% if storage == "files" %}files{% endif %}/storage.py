"""What a storage that fails means to clients."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.core.errors import Problem


@contextmanager
def reaching_storage() -> Iterator[None]:
    """Answer 503 if the storage fails, as it does with an OSError, be it a folder or S3."""
    try:
        yield
    except OSError as error:
        raise Problem(503, detail="The storage cannot be reached. Try again soon.") from error
