"""T2: from nothing, as a new user would, with the registry's packages and a Python of its own."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.conftest import Scaffold
from tests.contract.databases import open_databases
from tests.contract.server import free_port
from tests.ready import is_ready

from .model import FRAMEWORKS
from .pythons import newest_python
from .steps import DOWN

pytestmark = [pytest.mark.slow, pytest.mark.seconds(20)]

FRESH = {
    "the-defaults": [],
    "the-oldest-libraries": [],
    "everything": ["--preset", "full", "--database", "postgres"],
}


@dataclass
class Fresh:
    """A project as `scaffold new --install` left it."""

    framework: str
    folder: Path
    env: dict[str, str]

    def uv_run(self, *command: str, **settings: str) -> str:
        result = subprocess.run(
            [find_uv_bin(), "run", "--locked", *command],
            cwd=self.folder,
            env={**self.env, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout


CASES = [*itertools.product(FRAMEWORKS, FRESH)]
BY_NIGHT = [pytest.param(case, marks=pytest.mark.nightly) for case in CASES[1:]]


@pytest.fixture(params=[CASES[0], *BY_NIGHT], ids="-".join)
def fresh(request: pytest.FixtureRequest, scaffold: Scaffold, online: dict[str, str]) -> Fresh:
    framework, kind = request.param
    options = ["--framework", framework, *FRESH[kind], "--install"]
    own = {**online, "UV_PYTHON": sys.executable}
    if kind == "the-oldest-libraries":
        own["UV_RESOLUTION"] = "lowest-direct"
    if kind == "everything":
        own["UV_PYTHON"], version = newest_python()
        options += ["--set", f"python_version={version}"]
    dropped = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    scaffold.ok("new", "shop", *options, **own)
    env = {name: value for name, value in scaffold.env.items() if name not in dropped}
    return Fresh(framework, scaffold.folder / "shop", {**env, **own})


@pytest.fixture
def database_url(fresh: Fresh, tmp_path: Path, postgres: str | None) -> Iterator[str]:
    name = "postgres" if "postgres" in (fresh.folder / ".env").read_text() else "sqlite"
    if name == "postgres" and postgres is None:
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    databases = open_databases(name, tmp_path)
    yield databases.fresh()
    databases.close()


def test_a_fresh_project_works(fresh: Fresh, database_url: str) -> None:
    status = subprocess.check_output(["git", "status", "--short"], cwd=fresh.folder, text=True)
    assert status == "", "the first commit has everything that is to be committed"
    with ThreadPoolExecutor(2) as pool:
        checked = pool.submit(fresh.uv_run, "poe", "check")
        assert " passed" in fresh.uv_run("poe", "test")
        checked.result()
    settings = {"DATABASE_URL": database_url, "ENVIRONMENT": "production"}
    fresh.uv_run("poe", "migrate", **settings)
    for command in DOWN[fresh.framework]:
        fresh.uv_run(*command, **settings)
    fresh.uv_run("poe", "migrate", **settings)
    serves_until_it_is_told_to_stop(fresh, settings)


def serves_until_it_is_told_to_stop(fresh: Fresh, settings: dict[str, str]) -> None:
    port = free_port()
    command = [find_uv_bin(), "run", "--locked", "poe", "serve"]
    env = {**fresh.env, **settings, "PORT": str(port), "WORKERS": "2"}
    log = fresh.folder.parent / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=fresh.folder, env=env, stdout=output, stderr=output
        ) as server,
    ):
        try:
            assert is_ready(f"http://127.0.0.1:{port}/health/ready"), log.read_text()
            os.kill(server.pid, signal.SIGTERM)
            server.wait(15)
        finally:
            server.kill()
    assert not is_ready(f"http://127.0.0.1:{port}/health/live", seconds=0)
