"""The storage that STORAGE_URL names: a folder, or a bucket of S3.

These functions block. obstore has asynchronous ones, but a process that ends soon after one of them
may be aborted.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from app.core.config import Settings, get_settings
from app.core.errors import Problem, not_found

# What obstore raises: its own errors, and FileNotFoundError.
ERRORS = (BaseError, OSError)
KEY = re.compile(r"[0-9a-f]{32}")
CHUNK_BYTES = 256 * 1024
# S3 takes larger files in parts, and no smaller parts than these.
PART_BYTES = 5 * 1024 * 1024

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
    # Containers get the empty variables of `.env`, too, which obstore would take as values.
    for name in [name for name in os.environ if name.startswith("AWS_") and not os.environ[name]]:
        del os.environ[name]
    bucket = urlsplit(url)
    return S3Store(
        bucket.netloc,
        prefix=bucket.path.strip("/") or None,
        config=s3_options(settings),
        client_options={
            "allow_http": settings.aws_endpoint_url.startswith("http://"),
            "connect_timeout": "5s",
            "read_timeout": "30s",
            # Of a whole download, which takes as long as its client.
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


def write(key: str, stream: IO[bytes], size: int) -> None:
    chunks = iter(partial(stream.read, CHUNK_BYTES), b"")
    with reachable():
        get_store().put(key, stream.read() if size <= PART_BYTES else chunks, max_concurrency=1)


def read(key: str, start: int, end: int) -> Iterator[bytes]:
    with reachable():
        try:
            found = get_store().get(key, options={"range": (start, end)})
        except FileNotFoundError as error:
            # The file was deleted meanwhile, or somebody else has deleted the bytes.
            log.error("bytes of a file are missing", key=key)
            raise not_found("file") from error
    return (chunk for chunk in found.stream(CHUNK_BYTES))


def delete(keys: Sequence[str]) -> None:
    """Delete bytes whose rows are gone. Those that cannot be deleted now are left to be swept."""
    try:
        get_store().delete(keys)
    except ERRORS as error:
        log.warning("bytes not deleted", error=str(error).partition("\n")[0])


def older_keys(before: dt.datetime) -> Iterator[list[str]]:
    """What has been stored before that time, a few hundred at once; nothing but uploads."""
    store = get_store()
    for objects in store.list(chunk_size=500):
        found = (one["path"] for one in objects if one["last_modified"] < before)
        yield [path for path in found if KEY.fullmatch(path)]


def delete_parts(before: dt.datetime) -> int:
    """Delete what was being written into a folder when a process was killed, and count it."""
    store = get_store()
    if not isinstance(store, LocalStore):
        return 0
    # obstore writes to KEY#1, which it does not list, and renames that in the end.
    parts = [path for path in Path(str(store.prefix)).glob("*#*") if KEY.match(path.name)]
    count = 0
    for path in parts:
        with suppress(FileNotFoundError):  # it has been renamed, or another sweep was quicker
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                count += 1
    return count
