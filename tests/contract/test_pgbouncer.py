"""Behind PgBouncer in transaction mode, where two statements may meet two connections."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .openapi import Document
from .people import Host
from .pgbouncer import bouncing, program
from .programs import skip_without
from .resource import Resource
from .server import Project
from .site import Site


@pytest.fixture(scope="module")
def bounced(site: Site, project: Project) -> Iterator[Host]:
    """A server with two processes, whose connections share three of the database's."""
    if site.databases.name != "postgres":
        pytest.skip("PgBouncer stands before PostgreSQL: --database postgres")
    if program() is None:
        skip_without("pgbouncer")
    database = site.databases.copy(site.prepared)
    with (
        tempfile.TemporaryDirectory(prefix="pgbouncer-") as folder,
        bouncing(database, Path(folder), size=3) as url,
        site.server("bounced", url, WORKERS="2") as server,
    ):
        yield site.as_host(server)


@pytest.mark.contract("settings.pgbouncer")
def test_no_request_fails_behind_pgbouncer(bounced: Host, document: Document) -> None:
    owner = bounced.person() if document.has_auth else bounced.client
    resource = Resource(owner, document, document.resources[0])
    made = resource.make()
    bodies = [resource.body() for _ in range(30)]

    def ask(number: int) -> int:
        close = {"Connection": "close"}
        if number % 4 == 0:
            return owner.post(resource.path, bodies[number // 4], headers=close).status_code
        if number % 4 == 1:
            return owner.patch(resource.url(made), {}, headers=close).status_code
        path = resource.path if number % 4 == 2 else resource.url(made)
        return owner.get(path, headers=close).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = Counter(pool.map(ask, range(120)))
    assert statuses == {200: 90, 201: 30}
