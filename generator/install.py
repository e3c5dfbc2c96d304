"""The project's environment, made and started with the uv that came with this package."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from generator.errors import ScaffoldError


def _environment(python_version: str) -> dict[str, str]:
    """Return the environment for uv: the running interpreter, where it is new enough."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    if sys.version_info[:2] >= tuple(int(part) for part in python_version.split(".")):
        env.setdefault("UV_PYTHON", sys.executable)
        env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    return env


def uv(folder: Path, python_version: str, *arguments: str) -> None:
    """Run uv in `folder`; what it prints goes to stderr.

    Raises `ScaffoldError` when it fails.
    """
    from uv import find_uv_bin

    command = [find_uv_bin(), *arguments]
    process = subprocess.run(
        command, cwd=folder, env=_environment(python_version), stdout=sys.stderr, check=False
    )
    if process.returncode:
        raise ScaffoldError(f"uv {' '.join(arguments)} failed with code {process.returncode}.")


def start(folder: Path, python_version: str) -> int:
    """Run `poe dev` in the project until it ends, and return its exit code.

    Ctrl-C reaches it through the terminal, SIGTERM is passed on; both are an orderly end.
    """
    from uv import find_uv_bin

    process = subprocess.Popen(
        [find_uv_bin(), "run", "poe", "dev"], cwd=folder, env=_environment(python_version)
    )
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            continue
    ended_by_signal = code in {-signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT}
    return 130 if ended_by_signal else code
