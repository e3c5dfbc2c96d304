"""The first commands of README, as typed by somebody who has just cloned this repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.contract import browser
from tests.contract.server import free_port
from tests.ready import is_ready
from tests.variants.model import FRAMEWORKS

from .conftest import ROOT
from .test_installed import Machine, by_pip, machine

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


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_first_commands_lead_to_an_authenticated_request(
    framework: str, machine: Machine, sources: Path
) -> None:
    for name in ("curl", "cut", "grep"):
        program = shutil.which(name)
        assert program is not None
        (machine.home.parent / "system" / name).symlink_to(program)
    by_pip(machine, sources)
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
