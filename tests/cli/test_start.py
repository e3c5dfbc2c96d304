"""--install and --start, with a project that needs no network: uv builds it by itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.variants.pythons import newest_python

pytestmark = pytest.mark.posix("signals to process groups")

PYPROJECT = """\
[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"

[project]
name = "poe"
version = "1"
requires-python = ">=3.11"
dependencies = [{{ author }}]

[project.scripts]
poe = "poe:main"
"""
SERVER = """\
import os, signal, sys

def end(*_):
    print("good bye", flush=True)
    os._exit(0)

def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    print("serving", *sys.argv[1:], flush=True)
    while True:
        signal.pause()
"""


@pytest.fixture
def small(checkout: Path, tmp_path: Path, scaffold: Scaffold) -> Scaffold:
    """A template without dependencies, whose `poe` is the project itself."""
    root = tmp_path / "small"
    shutil.copytree(checkout, root)
    template = root / "templates" / "fastapi"
    answers = "{{ _copier_conf.answers_file }}.jinja"
    kept = (template / answers).read_text()
    shutil.rmtree(template)
    (template / "src" / "poe").mkdir(parents=True)
    (template / "src" / "poe" / "__init__.py").write_text(SERVER)
    (template / "pyproject.toml.jinja").write_text(PYPROJECT)
    (template / ".gitignore").write_text(".venv/\n__pycache__/\n")
    (template / answers).write_text(kept)
    scaffold.env |= {"PYTHONPATH": str(root), "UV_OFFLINE": "1"}
    return scaffold


def test_install_makes_an_environment_and_commits_the_lock_file(small: Scaffold) -> None:
    result = small("new", "shop", "--install", "--json")
    made = json.loads(result.stdout)
    assert made["installed"] is True
    assert made["notes"] == ["Using the default framework, fastapi (see scaffold list)."]
    project = small.folder / "shop"
    tracked = subprocess.check_output(["git", "-C", project, "ls-files"], text=True).split()
    assert "uv.lock" in tracked
    assert subprocess.check_output(["git", "-C", project, "status", "--short"]) == b""
    assert list((project / ".venv").glob("*/poe*"))


def test_where_installing_fails_the_project_stands_and_the_command_is_named(
    small: Scaffold,
) -> None:
    missing = 'author="no-such-distribution"'
    result = small("new", "shop", "--install", "--set", missing)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: shop was created, but its dependencies were not installed")
    assert last.endswith("To go on: cd shop && uv sync")
    log = ["git", "-C", small.folder / "shop", "log", "--oneline"]
    assert len(subprocess.check_output(log).splitlines()) == 1


def until(process: subprocess.Popen[str], words: str) -> str:
    """Read what `process` says on its piped stream until `words` are in it; return it."""
    stream, log = process.stderr or process.stdout, ""
    assert stream is not None
    while words not in log:
        line = stream.readline()
        assert line, log
        log += line
    return log


@pytest.mark.parametrize("how", ["ctrl-c", "sigterm"])
def test_start_serves_until_it_is_ended_and_ends_in_order(small: Scaffold, how: str) -> None:
    process = small.start(
        "new", "shop", "--start", "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    until(process, "serving dev")
    if how == "ctrl-c":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    seen, rest = process.communicate(timeout=10)
    assert process.returncode in {0, 130}
    assert "http://localhost:8000/docs" in seen
    assert "Next time: cd shop && uv run poe dev" in seen
    assert "good bye" in rest


@pytest.mark.parametrize(
    ("command", "runs"),
    [(["dev"], "serving dev"), (["test", "-x", "--lf"], "serving test -x --lf")],
)
def test_without_a_uv_on_the_path_scaffold_runs_the_projects_tasks(
    small: Scaffold, path_without_uv: str, command: list[str], runs: str
) -> None:
    made = json.loads(small("new", "shop", "--json", PATH=path_without_uv).stdout)
    assert made["next"][-1] == shlex.join([sys.executable, "-m", "generator", "dev"])
    assert any(note.startswith("uv is not on the PATH.") for note in made["notes"])
    inside = Scaffold(small.folder / "shop", {**small.env, "PATH": path_without_uv})
    process = inside.start(*command, stdout=subprocess.PIPE)
    until(process, runs)
    process.terminate()
    rest, _ = process.communicate(timeout=10)
    assert process.returncode in {0, 130}
    assert "good bye" in rest


def test_scaffold_uv_runs_any_command_of_uv_in_the_folder_of_the_project(
    small: Scaffold, path_without_uv: str
) -> None:
    small.ok("new", "shop")
    inside = Scaffold(small.folder / "shop" / "src", {**small.env, "PATH": path_without_uv})
    where = inside("uv", "run", "python", "-c", "import os; print(os.getcwd())")
    assert where.stdout.strip() == str(inside.folder)
    assert "Usage: uv sync" in inside.ok("uv", "sync", "--help")
    assert inside("uv", "run", "python", "-c", "raise SystemExit(7)").returncode == 7


def test_a_step_that_is_left_after_new_can_be_typed_without_a_uv(
    small: Scaffold, path_without_uv: str
) -> None:
    missing = 'author="no-such-distribution"'
    made = small("new", "shop", "--docker", "--json", "--set", missing, PATH=path_without_uv)
    own = shlex.join([sys.executable, "-m", "generator"])
    (note,) = (note for note in json.loads(made.stdout)["notes"] if "uv.lock" in note)
    assert note.endswith(f"When that is cured: {own} uv lock, and commit uv.lock.")


def test_a_project_keeps_the_python_of_its_environment(small: Scaffold) -> None:
    python, version = newest_python()
    if python == sys.executable:
        pytest.skip("there is no newer Python on this machine")
    small.ok("new", "shop", "--install", UV_PYTHON=python)
    env = {name: value for name, value in small.env.items() if name != "UV_PYTHON"}
    process = Scaffold(small.folder / "shop", env).start("dev", stdout=subprocess.PIPE)
    until(process, "serving dev")
    process.terminate()
    process.communicate(timeout=10)
    settings = (small.folder / "shop" / ".venv" / "pyvenv.cfg").read_text()
    assert f"version_info = {version}." in settings


def test_start_on_a_port_that_is_taken_makes_nothing_and_names_a_free_one(
    small: Scaffold,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        result = small("new", "shop", "--start", "--yes", PORT=port)
    assert result.returncode == 1
    assert (
        f"Port {port} of 127.0.0.1 is taken. Stop the program that listens there" in result.stderr
    )
    assert re.search(r"choose another: PORT=\d+$", result.stderr.strip())
    assert list(small.folder.iterdir()) == []


def test_dev_on_a_port_that_is_taken_says_so(small: Scaffold) -> None:
    small.ok("new", "shop")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (small.folder / "shop" / ".env").write_text(f"PORT={port}\n")
        result = Scaffold(small.folder / "shop", small.env)("dev")
    assert f"Error: Port {port} of 127.0.0.1 is taken." in result.stderr


def test_the_addresses_have_the_port_that_is_set(small: Scaffold) -> None:
    out = small.ok("new", "shop", PORT="8765")
    assert "Docs  http://localhost:8765/docs" in out
    assert "curl localhost:8765/api/v1/items" in out
    assert ":8000" not in out


def test_without_a_uv_on_the_path_the_first_request_takes_that_of_scaffold(
    small: Scaffold, path_without_uv: str
) -> None:
    out = small.ok("new", "shop", PATH=path_without_uv)
    own = shlex.join([sys.executable, "-m", "generator"])
    assert f"DEMO_PASSWORD=demo-passphrase {own} uv run poe seed" in out
