"""What `doctor` says of the host and port that a server would listen on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from generator.engine.port import (
    FOREIGN_HOST,
    FREE,
    NOT_A_PORT,
    TAKEN,
    UNKNOWN_HOST,
    probe,
)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as server:
            server.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@pytest.fixture(params=["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def listening(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A host of this machine and a port where something listens."""
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with socket.socket(family) as server:
        server.bind((request.param, 0))
        server.listen()
        yield request.param, str(server.getsockname()[1])


@pytest.fixture
def free() -> str:
    """A port that nothing listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return str(server.getsockname()[1])


def test_a_port_that_something_listens_on_is_taken(listening: tuple[str, str]) -> None:
    assert probe(*listening) == TAKEN


def test_a_port_is_taken_when_one_address_of_the_host_is(listening: tuple[str, str]) -> None:
    host, port = listening
    names = {entry[4][0] for entry in socket.getaddrinfo("localhost", None)}
    if host not in names:
        pytest.skip(f"localhost does not mean {host} here")
    assert probe("localhost", port) == TAKEN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_port_that_nothing_listens_on_is_free(host: str, free: str) -> None:
    assert probe(host, free) == FREE


@needs_ipv6
@pytest.mark.parametrize("host", ["::1", "[::1]", "::"])
def test_an_ipv6_address_is_looked_at_with_brackets_and_without(host: str, free: str) -> None:
    assert probe(host, free) == FREE


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", "x" * 300, "127.0.0.1:8000", "a b"])
def test_a_host_without_an_address_is_not_a_port_that_is_taken(host: str, free: str) -> None:
    assert probe(host, free) == UNKNOWN_HOST


def test_an_address_of_another_machine_is_not_a_port_that_is_taken(free: str) -> None:
    assert probe("192.0.2.1", free) == FOREIGN_HOST  # for documentation, nobody has it


@pytest.mark.parametrize("port", ["", "http", "-1", "65536", "8_000", "٨", "9" * 5000])
def test_what_is_not_a_port_is_said_so(port: str) -> None:
    assert probe("127.0.0.1", port) == NOT_A_PORT
