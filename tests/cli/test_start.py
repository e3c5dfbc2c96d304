"""--install and --start, with a project that needs no network: uv builds it by itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Scaffold

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
    assert made["notes"] == ["The framework is fastapi, the default; see scaffold list."]
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
    assert last.startswith("Error: shop was made, but its dependencies were not installed")
    assert last.endswith("To go on: cd shop && uv sync")
    log = ["git", "-C", small.folder / "shop", "log", "--oneline"]
    assert len(subprocess.check_output(log).splitlines()) == 1


@pytest.mark.parametrize("how", ["ctrl-c", "sigterm"])
def test_start_serves_until_it_is_ended_and_ends_in_order(small: Scaffold, how: str) -> None:
    process = small.start(
        "new", "shop", "--start", "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    log = ""
    while "serving dev" not in log:
        line = process.stderr.readline()
        assert line, log
        log += line
    if how == "ctrl-c":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    seen, rest = process.communicate(timeout=10)
    assert process.returncode in {0, 130}
    assert "http://localhost:8000/docs" in seen
    assert "Next time: cd shop && uv run poe dev" in seen
    assert "good bye" in rest
