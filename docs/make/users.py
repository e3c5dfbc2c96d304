"""A user who has scaffold and nothing else: an empty home, commands and servers in it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

ROOT = Path(__file__).parents[2]
IDENTITY = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"


@contextmanager
def user() -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield an empty folder in the home of a new user, and the user's environment."""
    with TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        work, programs = home / "work", home / "programs"
        for path in (work, programs):
            path.mkdir()
        (home / ".gitconfig").write_text(IDENTITY, encoding="utf-8")
        scaffold = f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n'
        (programs / "scaffold").write_text(scaffold, encoding="utf-8")
        (programs / "scaffold").chmod(0o755)
        for name in ("uv", "uvx"):
            (programs / name).symlink_to(Path(find_uv_bin()).with_name(name))
        yield work, _environment(home, programs)


def _environment(home: Path, programs: Path) -> dict[str, str]:
    # Which index and cache of packages are used is the machine's.
    kept = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_"))}
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "uv"
    return {
        "UV_CACHE_DIR": str(cache),
        **kept,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PORT": str(_free_port()),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(command: str, folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run a server from the moment it answers."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    ) as process:
        try:
            _wait(env["PORT"])
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _wait(port: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/health/live")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"Nothing answers on port {port}")
