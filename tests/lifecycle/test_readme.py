"""The first commands of README, as typed by somebody who has just cloned this repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract import browser
from tests.contract.server import free_port
from tests.ready import is_ready
from tests.variants.model import FRAMEWORKS

from .conftest import ROOT
from .test_installed import CONSTRAINTS, Machine, by_pip, machine

__all__ = ["machine"]

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.posix("a shell"),
    pytest.mark.seconds(60),
    pytest.mark.slow,
]


def block(containing: str, page: str = "README.md") -> str:
    """Return the only block of code on a page that contains this text."""
    text = (ROOT / page).read_text(encoding="utf-8")
    (found,) = (b for b in re.findall(r"^```\n(.*?)^```$", text, re.M | re.S) if containing in b)
    return found


@pytest.fixture
def user(machine: Machine) -> Machine:
    """A machine with the programs that the commands for a first request call."""
    for name in ("cp", "curl", "cut", "grep", "mkdir"):
        program = shutil.which(name)
        assert program is not None
        (machine.home.parent / "system" / name).symlink_to(program)
    return machine


def expect_a_service(user: Machine, start: str) -> None:
    """Start a project, and make the first request of README and the one of a browser."""
    port = str(free_port())
    with subprocess.Popen(
        ["sh", "-c", start],
        cwd=user.home,
        env={**user.env, "PORT": port},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as server:
        try:
            assert is_ready(f"http://127.0.0.1:{port}/health/ready", seconds=180)
            lines = block("TOKEN=").replace("localhost:8000", f"localhost:{port}")
            _, brace, answer = user.run("sh", "-c", lines).partition("{")
            assert json.loads(brace + answer)["total"] == 25
            if found := browser.program():
                with browser.browsing(found) as page:
                    page.open(f"http://127.0.0.1:{port}/docs")
                    page.wait_for("document.querySelector('.authorize')")
                    assert "/api/v1/items" in page.text()
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.communicate(timeout=20)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_first_commands_lead_to_an_authenticated_request(
    framework: str, user: Machine, sources: Path
) -> None:
    by_pip(user, sources)
    install, start = block("--start").strip().split(" && ")
    assert install == "pip install ."
    expect_a_service(user, start.replace("fastapi", framework))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_packages_collected_for_a_machine_without_a_network_are_all_it_needs(
    framework: str, user: Machine, sources: Path
) -> None:
    collect = block("pip wheel", "docs/faq.md").replace("fastapi", framework)
    by_pip(user, sources)
    constrained = f"--constraint {CONSTRAINTS} {sources}"
    user.run("sh", "-ec", collect.replace("scaffold-backend", constrained))

    unreachable = "http://127.0.0.1:9"
    proxies = {"HTTP_PROXY": unreachable, "HTTPS_PROXY": unreachable, "NO_PROXY": "127.0.0.1"}
    offline = replace(user, env={**user.env, **proxies})
    offline.run(sys.executable, "-m", "venv", "--clear", user.programs.parent)
    install, *start = block("--no-index", "docs/faq.md").replace("fastapi", framework).splitlines()
    offline.run("sh", "-ec", install)
    expect_a_service(offline, "\n".join(start))
