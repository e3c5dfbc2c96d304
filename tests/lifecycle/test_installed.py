"""Installed from a clone in each way that README names: from nothing, in a home of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from uv import find_uv_bin

from generator import __version__
from tests.contract.server import free_port
from tests.ready import is_ready

from .conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.posix("signals to process groups")]

CONSTRAINTS = ROOT / "constraints.txt"


@dataclass(frozen=True)
class Machine:
    """A home, the folder that it installs programs in, and a PATH that has that folder and git."""

    home: Path
    programs: Path
    env: dict[str, str]

    def run(self, *command: str | Path) -> str:
        result = subprocess.run(
            command, cwd=self.home, env=self.env, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    home, system = tmp_path / "home", tmp_path / "system"
    programs = home / ".local" / "bin"
    for folder in (home, system):
        folder.mkdir()
    for name in ("git", "sh", "uname", "dirname", "realpath"):
        program = shutil.which(name)
        assert program is not None
        (system / name).symlink_to(program)
    # The caches are the machine's own, so that packages are not fetched again for a new home.
    cache = subprocess.check_output([find_uv_bin(), "cache", "dir"], text=True).strip()
    pip = subprocess.check_output([sys.executable, "-m", "pip", "cache", "dir"], text=True).strip()
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    env = {
        **kept,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"{programs}:{system}",
        "PIP_CACHE_DIR": pip,
        "UV_CACHE_DIR": cache,
        "UV_PYTHON": sys.executable,
    }
    return Machine(home, programs, env)


def by_uv_tool(machine: Machine, sources: Path) -> None:
    (machine.home.parent / "system" / "uv").symlink_to(find_uv_bin())
    machine.run("uv", "tool", "install", "--constraints", CONSTRAINTS, sources)


def by_pipx(machine: Machine, sources: Path) -> None:
    pipx = [find_uv_bin(), "tool", "run", "pipx", "install", "--python", sys.executable]
    machine.run(*pipx, "--pip-args", f"-c {CONSTRAINTS}", sources)


def by_pip(machine: Machine, sources: Path) -> None:
    machine.run(sys.executable, "-m", "venv", machine.programs.parent)
    machine.run(machine.programs / "pip", "install", "-c", CONSTRAINTS, sources)


@pytest.fixture(
    params=[
        pytest.param((by_uv_tool, "uv run poe dev"), id="uv-tool", marks=pytest.mark.seconds(20)),
        pytest.param((by_pipx, "scaffold dev"), id="pipx", marks=pytest.mark.nightly),
        pytest.param((by_pip, "uv run poe dev"), id="pip", marks=pytest.mark.nightly),
    ]
)
def installed(
    request: pytest.FixtureRequest, machine: Machine, sources: Path
) -> tuple[Machine, str]:
    """A machine with scaffold, and the command that it should print for starting a project."""
    install, dev = request.param
    install(machine, sources)
    return machine, dev


def test_what_new_prints_next_works_where_it_was_installed(installed: tuple[Machine, str]) -> None:
    machine, dev = installed
    assert machine.run("scaffold", "--version") == f"scaffold, version {__version__}\n"
    assert machine.run("scaffold-backend", "-V") == f"scaffold, version {__version__}\n"
    told = machine.run("scaffold", "new", "shop", "--framework", "fastapi", "--yes")
    steps = told.partition("Next:\n")[2].partition("\n\n")[0].splitlines()
    assert [step.strip() for step in steps] == ["cd shop", dev]
    port = str(free_port())
    with subprocess.Popen(
        ["sh", "-c", " && ".join(steps)],
        cwd=machine.home,
        env={**machine.env, "PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as server:
        try:
            assert is_ready(f"http://127.0.0.1:{port}/health/ready", seconds=120)
        finally:
            os.killpg(server.pid, signal.SIGINT)
            log, _ = server.communicate(timeout=20)
    assert server.returncode in {0, 130, -signal.SIGINT}, log
