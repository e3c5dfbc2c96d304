"""What the tests of the command share: a home of their own, and `scaffold` as users run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from tests import forks
from tests.contract.databases import NoDatabaseError, PostgreSQL

# The console script's code, so that the tests run what is imported and not what is installed.
COMMAND = [sys.executable, "-c", "from generator.cli.main import main; main()"]
TIMEOUT = 120


@dataclass
class Scaffold:
    """Runs `scaffold` in a folder, with a home that nothing else uses."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command, in a fork of a process that has imported it where that can be."""
        env = {**self.env, **env}
        forked = forks.run(arguments, folder=self.folder, env=env, timeout=TIMEOUT)
        return forked or subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command in a process of its own, to be written to, killed or waited for."""
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env=self.env, text=True, **options
        )

    def ok(self, *arguments: str, **env: str) -> str:
        result = self(*arguments, **env)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> dict[str, Any]:
        """Run with --json; return the one object that stdout must be."""
        value = json.loads(self(*arguments, "--json").stdout)
        assert isinstance(value, dict)
        return value

    def refusal(self, *arguments: str) -> str:
        """Return the one line that a wrong use is answered with, nothing having been written."""
        before = sorted(self.folder.iterdir())
        result = self(*arguments)
        assert result.returncode == 2, result.stdout + result.stderr
        assert result.stdout == ""
        assert sorted(self.folder.iterdir()) == before
        (line,) = result.stderr.splitlines()
        return line


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a git identity."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    return home


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The code and the template as they are when the tests begin."""
    root = Path(__file__).parent.parent
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("generator", "templates", "releases"):
        shutil.copytree(root / name, copy / name)
    for name in ("copier.yml", "scaffold.yml"):
        shutil.copy(root / name, copy)
    with forks.serving(copy):
        yield copy


@pytest.fixture(scope="session")
def uv_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the PATH that has uv and nothing else."""
    folder, program = tmp_path_factory.mktemp("programs"), Path(find_uv_bin())
    link = shutil.copy if os.name == "nt" else os.symlink
    link(program, folder / program.name)
    return folder


def environment(home: Path, checkout: Path, uv_folder: Path) -> dict[str, str]:
    """Return the environment of a user at a terminal: the home, uv, no CI, and no git variables.

    uv is offline and has nothing in its cache, so that no test depends on what can be fetched. The
    tests share the cache of compiled templates, which takes half of the time of a first render.
    """
    kept = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("GIT_")}
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    own["XDG_CACHE_HOME"] = str(checkout.with_name("caches"))
    offline = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(home / "uv-cache")}
    path = os.pathsep.join([str(uv_folder), kept["PATH"]])
    return {**kept, **own, **offline, "PATH": path, "PYTHONPATH": str(checkout)}


@pytest.fixture
def env(home: Path, checkout: Path, uv_folder: Path) -> dict[str, str]:
    """The environment of a user at a terminal."""
    return environment(home, checkout, uv_folder)


@pytest.fixture(scope="session")
def online() -> dict[str, str]:
    """Settings with which uv has the network, and this machine's cache also in another home."""
    cache = subprocess.check_output([find_uv_bin(), "cache", "dir"], text=True).strip()
    return {"UV_OFFLINE": "0", "UV_CACHE_DIR": cache}


@pytest.fixture
def path_without_uv(env: dict[str, str], tmp_path: Path) -> str:
    """A PATH that has git and no uv."""
    folder, program = tmp_path / "without-uv", shutil.which("git", path=env["PATH"])
    assert program is not None
    folder.mkdir()
    (folder / "git").symlink_to(program)
    return str(folder)


@pytest.fixture
def scaffold(tmp_path: Path, env: dict[str, str]) -> Scaffold:
    """`scaffold`, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Scaffold(folder, env)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """The address of a PostgreSQL server; where CI has none, that is a failure."""
    try:
        databases = PostgreSQL(tmp_path_factory.mktemp("postgres"))
    except NoDatabaseError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        yield None
    else:
        yield databases.server
        databases.close()
