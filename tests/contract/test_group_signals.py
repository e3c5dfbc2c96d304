"""Signals to all processes at once, as Ctrl-C in a terminal and systemd send them."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from .client import Client
from .openapi import Document
from .people import Host
from .polling import wait_until
from .server import Project, Server
from .site import Site

pytestmark = [pytest.mark.ends_servers, pytest.mark.contract("operations.group-signals")]

GRACE = 30
SIGNALS = {"SIGTERM": signal.SIGTERM, "Ctrl-C": signal.SIGINT}
WORKERS = 2
MOMENTS: dict[str, Callable[[Server], None]] = {
    "reads its settings": lambda _: time.sleep(0.4),
    "starts its processes": lambda server: _wait_for_processes(server, 0),
    "imports the application": lambda server: _wait_for_processes(server, 0.4),
    "begins to serve": lambda server: server.wait_until_live(),
}


def _wait_for_processes(server: Server, longer: float) -> None:
    wait_until(lambda: server.group_size() > WORKERS, "its processes are there", 30)
    time.sleep(longer)


def _seconds_to_end(server: Server, number: int) -> float:
    server.signal_group(number)
    begun = time.monotonic()
    with contextlib.suppress(AssertionError):
        wait_until(server.group_exited, "no process is left", GRACE + 2)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def started(site: Site, project: Project) -> Iterator[dict[tuple[str, str], float]]:
    """How long servers took to end that were told so while they started."""
    if site.databases.name != "sqlite":
        pytest.skip("has nothing to do with the database, and is tested with --database sqlite")
    url = site.databases.copy(site.prepared)
    cases = [(name, moment) for name in SIGNALS for moment in MOMENTS]
    servers = [site.server("started", url, WORKERS=str(WORKERS)) for _ in cases]

    def end(server: Server, case: tuple[str, str]) -> float:
        server.launch()
        MOMENTS[case[1]](server)
        return _seconds_to_end(server, SIGNALS[case[0]])

    with ThreadPoolExecutor(2) as pool:
        yield dict(zip(cases, pool.map(end, servers, cases), strict=True))
    for server in servers:
        server.kill()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", SIGNALS)
def test_a_server_that_starts_ends_in_time(
    started: dict[tuple[str, str], float], name: str, moment: str
) -> None:
    assert started[name, moment] < GRACE


@pytest.mark.parametrize("name", SIGNALS)
def test_a_server_under_load_ends_in_time(
    shortlived: Host, proxied: Host, document: Document, name: str
) -> None:
    host = {"SIGTERM": shortlived, "Ctrl-C": proxied}[name]
    assert host.server is not None
    path = document.resources[0]
    busy = [
        threading.Thread(target=_ask_until_it_is_gone, args=(host.client, path)) for _ in range(6)
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.5)
    seconds = _seconds_to_end(host.server, SIGNALS[name])
    host.server.kill()
    for thread in busy:
        thread.join(35)
    assert seconds < GRACE


def _ask_until_it_is_gone(client: Client, path: str) -> None:
    message = client.message("GET", path, headers=[("Connection", "close")])
    with contextlib.suppress(OSError):
        while client.raw(message, watched=False) is not None:
            pass
