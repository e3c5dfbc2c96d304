"""What production does not start with."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from .people import Host
from .server import CommandError, Project, Server
from .site import HOSTS, Site


def _example_key(project: Project) -> str:
    """The key that the project's example shows, or one that examples often show."""
    example = project.directory / ".env.example"
    if example.exists():
        found = re.search(r"^#?\s*SECRET_KEY=[\"']?([^\"'\n]+)", example.read_text("utf-8"), re.M)
        if found:
            return found.group(1).strip()
    return "change-me-change-me-change-me-change-me"


NAMES = ["missing", "short", "example"]


pytestmark = pytest.mark.auth  # Without authentication there is no secret to keep.


@pytest.fixture(scope="module")
def attempts(site: Site, project: Project) -> Iterator[dict[str, Server]]:
    """Servers in production, one with each bad key, all started at once."""
    url = site.databases.copy(site.prepared)
    keys = ("", "x7Qf2kLp9Zr4Tn6Wb8Vc3Yd5Hg1Jm0S", _example_key(project))
    servers = {
        name: site.server(f"key-{name}", url, **HOSTS["production"] | {"SECRET_KEY": key})
        for name, key in zip(NAMES, keys, strict=True)
    }
    with ThreadPoolExecutor(len(servers)) as pool:
        list(pool.map(_attempt, servers.values()))
    yield servers
    for server in servers.values():
        server.kill()


def _attempt(server: Server) -> None:
    server.launch()
    with suppress(CommandError):
        server.wait_until_live()
        return
    with suppress(subprocess.TimeoutExpired):
        server.wait(5)


@pytest.mark.contract("operations.secret-key")
@pytest.mark.parametrize("name", NAMES)
def test_production_refuses_to_start(
    attempts: dict[str, Server], project: Project, name: str
) -> None:
    if name == "missing" and (project.directory / ".env").exists():
        pytest.skip("the project's .env has a key, so that none is missing")
    server = attempts[name]
    assert server.process is not None
    assert server.process.poll() not in (None, 0), "it started"
    assert "SECRET_KEY" in server.log_text(), "it does not say why"


@pytest.mark.contract("operations.secret-key")
def test_32_bytes_are_enough(production: Host) -> None:
    assert production.server is not None
    assert len(production.server.settings["SECRET_KEY"]) == 32
    assert production.server.is_live()
