"""The first command of an Express project: --start and --install, with Node and without."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from tests.conftest import Scaffold
from tests.contract.polling import wait_until
from tests.contract.server import free_port
from tests.lifecycle.conftest import Shop
from tests.variants import node

pytestmark = pytest.mark.posix("programs on a PATH of the test's own")

NEW = ("new", "shop", "--framework", "express")
# It ends by itself where nobody ends it.
SERVER = """\
setTimeout(() => process.exit(1), 20_000);
process.on("SIGTERM", () => {
  console.log("good bye");
  process.exit();
});
console.log("serving");
"""


@pytest.mark.parametrize("option", ["--start", "--install"])
def test_without_node_the_project_is_made_and_one_line_says_how_to_go_on(
    scaffold: Scaffold, path_without_uv: str, option: str
) -> None:
    result = scaffold(*NEW, option, "--yes", PATH=path_without_uv)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: shop was created, but its dependencies were not installed: node is not on the "
        "PATH. Install Node 24 or newer: https://nodejs.org/en/download To go on: cd shop && npm "
        "install\n"
    )
    assert Shop(scaffold.folder / "shop", scaffold.env).git("status", "--short") == ""


def test_an_older_node_is_told_before_npm_is_run(scaffold: Scaffold, path_without_uv: str) -> None:
    older = Path(path_without_uv) / "node"
    older.write_text("#!/bin/sh\necho v20.20.2\n")
    older.chmod(0o755)
    scaffold.env["PATH"] = path_without_uv
    made = scaffold.json(*NEW, "--docker")
    too_old = "node is 20.20.2; the project needs 24 or newer."
    assert made["notes"] == [
        f"{too_old} Install Node 24 or newer: https://nodejs.org/en/download",
        f"{too_old} When that is cured: npm install --package-lock-only --no-audit --no-fund, and "
        "commit package-lock.json.",
    ]


def test_without_a_network_the_reason_of_npm_is_told(
    scaffold: Scaffold, npm: Mapping[str, str]
) -> None:
    nowhere = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0"}
    empty = {"npm_config_cache": str(scaffold.folder / "cache")}
    scaffold.env |= {**npm, **nowhere, **empty}
    made = scaffold.json(*NEW, "--docker")
    assert any("request to http://127.0.0.1:9/" in note for note in made["notes"])


@pytest.mark.parametrize("is_typed", [False, True], ids=["started", "typed in a terminal"])
def test_sigterm_reaches_the_server_behind_npm_and_its_shell(
    scaffold: Scaffold, npm: Mapping[str, str], is_typed: bool
) -> None:
    scaffold.ok(*NEW)
    shop = Shop(scaffold.folder / "shop", {**scaffold.env, **npm, "PORT": str(free_port())})
    shop.write("package.json", json.dumps({"scripts": {"dev": "node server.mjs"}}))
    shop.write("server.mjs", SERVER)
    ours, terminal = os.openpty()
    process = shop.start(
        "dev", stdin=terminal if is_typed else subprocess.DEVNULL, stdout=subprocess.PIPE,
        start_new_session=is_typed,
    )  # fmt: skip
    assert process.stdout is not None
    while "serving" not in process.stdout.readline():
        pass
    process.terminate()
    said, _ = process.communicate(timeout=10)
    os.close(ours)
    os.close(terminal)
    assert process.returncode == 130
    assert "good bye" in said


@pytest.mark.nightly
@pytest.mark.seconds(90)
def test_start_serves_and_npm_ci_installs_what_was_locked(
    scaffold: Scaffold, npm: Mapping[str, str]
) -> None:
    port = free_port()
    scaffold.env |= {**npm, "PORT": str(port)}
    process = scaffold.start(*NEW, "--start", "--yes", start_new_session=True)
    wait_until(lambda: is_ready(port), "ready", timeout=300)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=20) in {0, 130}
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    assert "package-lock.json" in shop.git("ls-files")
    lock = shop.read("package-lock.json")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
    shutil.rmtree(shop.folder / "node_modules")
    subprocess.run(["npm", "ci"], cwd=shop.folder, env=shop.env, check=True)
    subprocess.run(["npm", "run", "check"], cwd=shop.folder, env=shop.env, check=True)
    assert shop.git("status", "--short") == ""


def is_ready(port: int) -> bool:
    """Tell whether the server of the project answers, with its database."""
    try:
        return httpx2.get(f"http://localhost:{port}/health/ready").status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def npm(env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A PATH that begins with the Node and npm of the tests, and this machine's npm cache."""
    folder = tmp_path / "node"
    node.make_programs(folder)
    cache = subprocess.check_output([folder / "npm", "config", "get", "cache"], text=True).strip()
    return {"PATH": os.pathsep.join([str(folder), env["PATH"]]), "npm_config_cache": cache}
