"""A server under load, with a database of its own: a generated project, or one of its peers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.contract.databases import PostgreSQL
from tests.contract.server import Project, Server, default_settings

from . import data, load, processes
from .contestants import Peer
from .data import Account
from .environment import environment, peers_of_node
from .rows import CONNECTIONS, Row

ROOT = Path(__file__).parents[2]
SERVER_CORE, *_, LOAD_CORE = sorted(os.sched_getaffinity(0)) * 2
"""PostgreSQL is on the core of the load."""


@dataclass(frozen=True)
class Shell(Project):
    """What is served by one line of shell, and not by the project's own command."""

    line: str = ""

    def command(self, *_arguments: str) -> list[str]:
        return ["sh", "-c", f"exec {self.line}"]


@dataclass(frozen=True)
class Sample:
    """What one load of a row came to; milliseconds, and those of the processor for one request."""

    per_second: float
    cpu: float
    p50: float
    p99: float
    errors: int


@dataclass(frozen=True)
class Site:
    """A running server, its database, and the caller's account there."""

    name: str
    server: Server
    database: str
    account: Account

    @property
    def session(self) -> int:
        assert self.server.process is not None
        return self.server.process.pid

    def memory(self) -> float:
        return processes.memory(self.session)

    def ask(self, row: Row) -> Any:
        """Return what one request is answered."""
        who = {"Authorization": f"Bearer {self.account.token}", "Content-Type": "application/json"}
        url = self.server.url + row.path.format(item=self.account.item)
        answer = httpx2.request(row.method, url, headers=who, content=row.body)
        answer.raise_for_status()
        return answer.json()

    def measure(self, row: Row, seconds: int) -> Sample:
        path = row.path.format(item=self.account.item)
        request = load.Request(row.method, path, self.account.token, row.body)
        # Connections that are new since the last load would run on the server's core.
        processes.pin(data.backends(self.database), [LOAD_CORE])
        before = processes.cpu_seconds(self.session)
        figures = load.put(request, self.server.url, CONNECTIONS, seconds, LOAD_CORE)
        cpu = (processes.cpu_seconds(self.session) - before) / figures.requests
        if row.method == "POST":
            data.forget_new_items(self.database)
        processes.wait_until_idle(self.session)
        per_second = figures.requests / figures.seconds
        return Sample(per_second, cpu * 1000, figures.p50, figures.p99, figures.errors)


def served(peer: Peer, folder: Path, name: str) -> Project:
    """Return what serves a peer, that of Node in a folder of that name."""
    if peer.packages:
        return Shell(ROOT, environment(peer.packages), peer.serve)
    return Shell(folder / name, peers_of_node(folder / "shop", folder / name), peer.serve)


@contextmanager
def open_site(
    name: str,
    what: Project | Peer,
    databases: PostgreSQL,
    folder: Path,
    more: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """Make the tables, serve with `more` settings and fill; stop the server in the end."""
    database = databases.fresh()
    settings = default_settings(
        database,
        folder / "mail",
        ENVIRONMENT="production",
        PUBLIC_URL="https://shop.example",
        ALLOWED_HOSTS="127.0.0.1",
        ACCESS_TOKEN_SECONDS="86400",  # noqa: S106
        PYTHONPATH=str(ROOT),
        **(more or {}),
    )
    if isinstance(what, Peer):
        token = data.make_tables(database, what.claims)
        program = served(what, folder, database.rpartition("/")[2])
    else:
        what.migrate(settings)
        token, program = "", what
    server = Server(program, settings, folder / f"{database.rpartition('/')[2]}.log")
    try:
        server.launch()
        processes.pin([server.process.pid], [SERVER_CORE])
        server.wait_until_live()
        account = data.fill(server.url, token or data.register(server.url))
        yield Site(name, server, database, account)
    finally:
        server.kill()
