"""Where servers store the files that clients upload: a folder, or a bucket of an S3 server."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

BUCKET, PREFIX = "uploads", "shop"
ACCOUNT = "123456789012"  # moto's own
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


class Store(Protocol):
    """What tests see of a storage behind the server's back."""

    @property
    def settings(self) -> dict[str, str]: ...

    def names(self) -> set[str]: ...

    def put(self, key: str, age: dt.timedelta) -> None:
        """Store some bytes that no server knows, as if they had been there for that time."""


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> Folder:
        return cls(Path(settings["STORAGE_URL"].removeprefix("file://")))

    @property
    def settings(self) -> dict[str, str]:
        return {"STORAGE_URL": f"file://{self.path}"}

    def names(self) -> set[str]:
        files = (path for path in self.path.rglob("*") if path.is_file())
        return {path.relative_to(self.path).as_posix() for path in files}

    def put(self, key: str, age: dt.timedelta) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / key).write_bytes(b"nobody's")
        then = (dt.datetime.now(dt.UTC) - age).timestamp()
        os.utime(self.path / key, (then, then))


class Bucket:
    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )
        self.client.create_bucket(Bucket=BUCKET)

    @property
    def settings(self) -> dict[str, str]:
        url = f"s3://{BUCKET}/{PREFIX}"
        return {"STORAGE_URL": url, "AWS_ENDPOINT_URL": self.endpoint, **KEYS}

    def names(self) -> set[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return {one["Key"].removeprefix(f"{PREFIX}/") for one in found}

    def put(self, key: str, age: dt.timedelta) -> None:
        key = f"{PREFIX}/{key}"
        self.client.put_object(Bucket=BUCKET, Key=key, Body=b"nobody's")
        then = dt.datetime.now(dt.UTC).replace(tzinfo=None) - age
        get_backend("s3")[ACCOUNT]["aws"].buckets[BUCKET].keys[key].last_modified = then


@contextmanager
def s3(port: int = 0) -> Iterator[Bucket]:
    """Run a server that understands S3, with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield Bucket(f"http://{host}:{port}")
    finally:
        server.stop()
        get_backend("s3").reset()
