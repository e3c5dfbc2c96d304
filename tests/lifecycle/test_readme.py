"""The first commands of README, as typed by somebody who has just cloned this repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
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


def block(containing: str) -> str:
    """Return the only block of code in README that contains this text."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = (b for b in re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S) if containing in b)
    return found


@pytest.fixture
def typist(machine: Machine) -> Machine:
    """A machine with the programs that README's first request needs."""
    for name in ("curl", "cut", "grep"):
        program = shutil.which(name)
        assert program is not None
        (machine.home.parent / "system" / name).symlink_to(program)
    return machine


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_first_commands_lead_to_an_authenticated_request(
    framework: str, typist: Machine, sources: Path
) -> None:
    by_pip(typist, sources)
    follow(typist, framework)


@pytest.fixture
def wheelhouse(machine: Machine, sources: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with all that scaffold and a project of the framework need."""
    framework, folder = request.getfixturevalue("framework"), machine.home.parent / "wheels"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder]
    machine.run(*pip, "-c", CONSTRAINTS, sources)
    project = tomllib.loads((ROOT / "examples" / framework / "pyproject.toml").read_text())
    machine.run(*pip, *project["project"]["dependencies"], *project["dependency-groups"]["dev"])
    return folder


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_without_a_network_the_same_works_from_a_wheelhouse(
    framework: str, typist: Machine, wheelhouse: Path
) -> None:
    wheels, empty = str(wheelhouse), str(typist.home.parent / "cache")
    from_wheels = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "PIP_CACHE_DIR": empty}
    from_wheels |= {"UV_OFFLINE": "1", "UV_NO_INDEX": "1", "UV_FIND_LINKS": wheels}
    offline = replace(typist, env={**typist.env, **from_wheels, "UV_CACHE_DIR": empty})
    offline.run(sys.executable, "-m", "venv", offline.programs.parent)
    offline.run(offline.programs / "pip", "install", "scaffold-backend")
    follow(offline, framework)


def follow(machine: Machine, framework: str) -> None:
    """Start a project as README says, send the first request, and open its page /docs."""
    install, start = block("--start").strip().split(" && ")
    assert install == "pip install ."
    port = str(free_port())
    with subprocess.Popen(
        ["sh", "-c", start.replace("fastapi", framework)],
        cwd=machine.home,
        env={**machine.env, "PORT": port},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as server:
        try:
            assert is_ready(f"http://127.0.0.1:{port}/health/ready", seconds=180)
            lines = block("TOKEN=").replace("localhost:8000", f"localhost:{port}")
            _, brace, answer = machine.run("sh", "-c", lines).partition("{")
            assert json.loads(brace + answer)["total"] == 25
            if found := browser.program():
                with browser.browsing(found) as page:
                    page.open(f"http://127.0.0.1:{port}/docs")
                    page.wait_for("document.querySelector('.authorize')")
                    assert "/api/v1/items" in page.text()
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.communicate(timeout=20)
