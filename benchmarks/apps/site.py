"""A server under load, with a database of its own: the project's, or one of what bounds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.databases import PostgreSQL
from tests.contract.server import Project, Server, default_settings

from . import data, load, processes
from .data import Account
from .frameworks import Bounds
from .rows import Kind, Row, Setup

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0))
LOAD_CORE = CORES[-1]
"""PostgreSQL's too; a server has one core for each worker, from the first on."""


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

    server: Server
    database: str
    account: Account
    idle_memory: float

    @property
    def session(self) -> int:
        assert self.server.process is not None
        return self.server.process.pid

    def measure(self, row: Row, connections: int, seconds: int) -> Sample:
        path = row.path.format(item=self.account.item)
        request = load.Request(row.method, path, self.account.token, row.body)
        # Connections that are new since the last load would run on the server's core.
        processes.pin(data.backends(self.database), [LOAD_CORE])
        before = processes.cpu_seconds(self.session)
        figures = load.put(request, self.server.url, min(connections, row.most), seconds, LOAD_CORE)
        cpu = (processes.cpu_seconds(self.session) - before) / figures.requests
        if row.name == "create":
            data.forget_new_items(self.database)
        processes.wait_until_idle(self.session)
        per_second = figures.requests / figures.seconds
        return Sample(per_second, cpu * 1000, figures.p50, figures.p99, figures.errors)


@dataclass(frozen=True)
class Works:
    """What sites are made of."""

    project: Project
    bounds: Bounds
    databases: PostgreSQL
    folder: Path


@contextmanager
def open_site(works: Works, kind: Kind, setup: Setup) -> Iterator[Site]:
    """Migrate, serve and fill; stop the server in the end."""
    database = works.databases.fresh()
    settings = {
        **default_settings(database, works.folder / "mail"),
        "ENVIRONMENT": "production",
        "WORKERS": str(setup.workers),
        "ACCESS_TOKEN_SECONDS": "86400",
        "PYTHONPATH": str(ROOT),
    }
    program = works.project
    if kind == "project":
        works.project.migrate(settings)
    else:
        program = Shell(ROOT, works.project.bin, getattr(works.bounds, kind))
        data.make_tables(database)
    server = Server(program, settings, works.folder / f"{database.rpartition('/')[2]}.log")
    try:
        server.launch()
        processes.pin([server.process.pid], CORES[: setup.workers])
        server.wait_until_live()
        idle_memory = processes.memory(server.process.pid)
        account = Account("", "")
        if kind != "hello":
            own = kind == "project"
            token = data.register(server.url) if own else data.begin_session(database)
            account = data.fill(server.url, database, token, setup)
        yield Site(server, database, account, idle_memory)
    finally:
        server.stop()
