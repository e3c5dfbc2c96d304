"""S3 as a storage, with the errors of a folder, and objects that are read piece by piece."""

import io
import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends import s3
from storages.utils import clean_name

# botocore's own limits would keep a request waiting for minutes.
PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})
# One part of a file is in memory at a time.
ONE_BY_ONE = TransferConfig(use_threads=False)


def with_os_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method raise OSError if S3 cannot be reached, or refuses."""

    @wraps(method)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except ClientError as error:
            is_missing = error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
            raise (FileNotFoundError if is_missing else OSError)(str(error)) from error
        except BotoCoreError as error:
            raise OSError(str(error)) from error

    return wrapped


class S3Storage(s3.S3Storage):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"transfer_config": ONE_BY_ONE} | options)
        self.client_config = PATIENCE.merge(self.client_config)  # type: ignore[has-type]

    @with_os_errors
    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode != "rb":
            return super()._open(name, mode)
        key = self._normalize_name(clean_name(name))
        return File(io.BufferedReader(ObjectReader(self.bucket.Object(key))), name)

    _save = with_os_errors(s3.S3Storage._save)
    delete = with_os_errors(s3.S3Storage.delete)
    listdir = with_os_errors(s3.S3Storage.listdir)
    get_modified_time = with_os_errors(s3.S3Storage.get_modified_time)


class ObjectReader(io.RawIOBase):
    """Reads an object from any place on, where django-storages would download all of it first."""

    def __init__(self, s3_object: Any) -> None:
        self.object, self.size = s3_object, s3_object.content_length
        self.position = 0
        self.body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        if start + offset != self.position:
            self.release()
            self.position = start + offset
        return self.position

    @with_os_errors
    def readinto(self, buffer: Any) -> int:
        if self.position >= self.size:
            return 0
        if self.body is None:
            self.body = self.object.get(Range=f"bytes={self.position}-")["Body"]
        block = self.body.read(len(buffer))
        buffer[: len(block)] = block
        self.position += len(block)
        return len(block)

    def release(self) -> None:
        """Close the connection on which the rest of the object would come."""
        if self.body is not None:
            self.body.close()
            self.body = None

    def close(self) -> None:
        self.release()
        super().close()
