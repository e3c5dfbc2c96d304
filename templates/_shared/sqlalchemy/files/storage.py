"""The storage that STORAGE_URL names: a folder, or a bucket of S3."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from app.core.config import Settings, get_settings
from app.core.errors import Problem

# What obstore raises: its own errors, and FileNotFoundError.
ERRORS = (BaseError, OSError)

log = structlog.get_logger()


@cache
def get_store() -> ObjectStore:
    """The storage of this process."""
    return open_store(get_settings())


def open_store(settings: Settings) -> ObjectStore:
    url = settings.storage_url
    if not url.startswith("s3://"):
        folder = Path(url.removeprefix("file://"))
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    bucket = urlsplit(url)
    return S3Store(
        bucket.netloc,
        prefix=bucket.path.strip("/") or None,
        config=s3_options(settings),
        client_options={
            "allow_http": settings.aws_endpoint_url.startswith("http://"),
            "connect_timeout": "5s",
            "read_timeout": "30s",
            # Of a whole download, which is as slow as its client.
            "timeout": "1day",
        },
        retry_config={"max_retries": 2, "retry_timeout": dt.timedelta(seconds=10)},
    )


def s3_options(settings: Settings) -> Any:
    """The options that are set. obstore looks for others in the environment."""
    options = {
        "endpoint": settings.aws_endpoint_url,
        "region": settings.aws_region,
        "access_key_id": settings.aws_access_key_id,
        "secret_access_key": settings.aws_secret_access_key.get_secret_value(),
    }
    return {name: value for name, value in options.items() if value}


@contextmanager
def reachable() -> Iterator[None]:
    """Answer errors of the storage by 503. The log has the traceback."""
    try:
        yield
    except ERRORS as error:
        log.error("storage error", exc_info=error)
        raise Problem(503, detail="The storage cannot be reached. Try again soon.") from error
