"""A PgBouncer in transaction mode, in front of a PostgreSQL server."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from .polling import wait_until
from .server import free_port

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
ignore_startup_parameters = extra_float_digits
"""
UNPRIVILEGED = "nobody"


def program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


@contextmanager
def bouncing(url: str, directory: Path, *, size: int) -> Iterator[str]:
    """Give the address of the same database behind a PgBouncer."""
    found = program()
    assert found is not None
    parts, port = urlsplit(url), free_port()
    file = directory / "pgbouncer.ini"
    password = f" password={parts.password}" if parts.password else ""
    file.write_text(
        CONFIGURATION.format(
            host=parts.hostname,
            port=parts.port or 5432,
            user=parts.username,
            password=password,
            listen_port=port,
            size=size,
        )
    )
    command = [found, "--quiet", str(file)]
    if getpass.getuser() == "root":  # It refuses to run as root.
        command[1:1] = ["--user", UNPRIVILEGED]
        for folder in (file, *file.parents[:2]):
            folder.chmod(0o755)
    log = (directory / "pgbouncer.log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_until(lambda: _listens(port), "PgBouncer listens")
            yield urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
