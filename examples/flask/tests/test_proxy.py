"""The client's address behind proxies."""

import pytest
from flask import request

from app import create_app
from app.core.config import Settings
from tests.helpers import connect


def seen(address: str, forwarded: str) -> str | None:
    """The address that a request from `address` seems to come from."""
    app = create_app()
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    connect(app, ip=address).get("/health/live", headers={"X-Forwarded-For": forwarded})
    return addresses[0]


def test_local_proxy_is_trusted() -> None:
    assert seen("127.0.0.1", "192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("trusted", ["10.0.0.1 10.0.0.2", "10.0.0.0/8"])
def test_configured_proxy_is_trusted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, trusted: str
) -> None:
    monkeypatch.setattr(settings, "forwarded_allow_ips", tuple(trusted.split()))
    assert seen("10.0.0.2", "203.0.113.9, 192.0.2.1") == "192.0.2.1"


def test_local_proxy_is_trusted_on_an_ipv6_socket() -> None:
    assert seen("::ffff:127.0.0.1", "192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("address", ["10.0.1.1", "127.0.0.2", "::1", ""])
def test_other_clients_are_not_trusted(address: str) -> None:
    assert seen(address, "192.0.2.1") == address


def test_proxy_chain_is_read_backwards(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "forwarded_allow_ips", ("10.0.0.0/8",))
    assert seen("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2") == "203.0.113.9"
