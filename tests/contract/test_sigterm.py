"""Ending: what has begun is finished, what is new is refused, nothing is lost."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx2 as httpx
import pytest

from .client import Client
from .openapi import Document
from .people import Host
from .polling import wait_until
from .resource import Resource
from .server import CommandError, Server
from .site import Site

pytestmark = pytest.mark.ends_servers

CLOSE = [("Connection", "close")]


@dataclass
class Ending:
    """What was seen while a server under load ended."""

    in_flight: httpx.Response | None = None
    refused_new: bool = False
    waited: bool = False
    seconds: float = 0
    code: int | None = None
    sent: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)


@pytest.fixture(
    scope="module", params=["limited", "production"], ids=["one process", "two processes"]
)
def ending(
    site: Site,
    document: Document,
    limited: Host,
    production: Host,
    request: pytest.FixtureRequest,
) -> Ending:
    """Writers write, one slow upload is half done, one connection idles; then comes SIGTERM."""
    host = {"limited": limited, "production": production}[request.param]
    assert host.server is not None
    owner = host.person() if document.has_auth else host.client
    seen = _end(host.server, Resource(owner, document, document.resources[0]))
    texts = site.databases.texts(host.server.settings["DATABASE_URL"])
    seen.stored = set(seen.sent).intersection(texts)
    return seen


def _end(server: Server, resource: Resource) -> Ending:
    seen, owner = Ending(), resource.owner
    name = next(field.name for field in resource.fields.values() if field.is_text)
    stop = threading.Event()
    bodies = [resource.body() for _ in range(4)]  # Made here: not every resource has spare ones.
    writers = [
        threading.Thread(target=_write, args=(owner, resource.path, name, body, seen, stop))
        for body in bodies
    ]
    slow = owner.message("POST", resource.path, json=resource.body(), headers=CLOSE)
    with contextlib.ExitStack() as stack:
        idle = stack.enter_context(socket.create_connection(owner.address, timeout=20))
        upload = stack.enter_context(socket.create_connection(owner.address, timeout=20))
        upload.sendall(slow[:-10])
        for writer in writers:
            writer.start()
        wait_until(lambda: len(seen.answered) > 20, "all are writing")
        server.terminate()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not server.is_live(0.5), "new requests are refused", 5)
            seen.refused_new = True
        seen.waited = not server.exited()
        with contextlib.suppress(OSError):
            upload.sendall(slow[-10:])
            seen.in_flight = owner.answer(upload, slow)
        begun = time.monotonic()
        for writer in writers:
            writer.join(20)
        stop.set()
        with contextlib.suppress(CommandError, TimeoutError, Exception):
            seen.code = server.wait(10)
        seen.seconds = time.monotonic() - begun
        idle.close()
    return seen


def _write(
    owner: Client,
    path: str,
    name: str,
    body: dict[str, object],
    seen: Ending,
    stop: threading.Event,
) -> None:
    """Make objects, one connection each, until the server is gone."""
    while not stop.is_set():
        text = uuid.uuid4().hex
        seen.sent.append(text)
        try:
            answer = owner.raw(
                owner.message("POST", path, json={**body, name: text}, headers=CLOSE)
            )
        except OSError:
            return
        if answer is None or answer.status_code != 201:
            return
        seen.answered.append(text)


@pytest.mark.contract("operations.sigterm")
def test_a_request_in_flight_is_finished(ending: Ending) -> None:
    assert ending.waited, "the server did not wait for it"
    assert ending.in_flight is not None, "it was dropped"
    assert ending.in_flight.status_code == 201, ending.in_flight.text


@pytest.mark.contract("operations.sigterm")
def test_new_requests_are_refused_meanwhile(ending: Ending) -> None:
    assert ending.refused_new


@pytest.mark.contract("operations.sigterm")
def test_what_was_done_was_answered_and_the_reverse(ending: Ending) -> None:
    assert set(ending.answered) == ending.stored


@pytest.mark.contract("operations.sigterm", "commands.serve")
def test_it_ends_soon_and_on_its_own(ending: Ending) -> None:
    assert ending.code is not None, "it had to be killed"
    assert ending.seconds < 15
