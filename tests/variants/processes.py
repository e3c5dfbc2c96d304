"""Programs that leave nothing running: whatever they started ends with them."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GRACE = 10


@dataclass(frozen=True)
class Result:
    """What a program said; `code` is None when its time ran out."""

    code: int | None
    output: str


def run(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, timeout: float) -> Result:
    """Run a program until it ends or its time is over, and end all that it started.

    Servers that it starts may have sessions of their own, so a process group does not name them
    all. They inherit a temporary folder that only this program has: by that they are found.
    """
    with tempfile.TemporaryDirectory(prefix="step-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "TMPDIR": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=timeout)
            return Result(process.returncode, output)
        except subprocess.TimeoutExpired:
            _end(process, folder)
            output, _ = process.communicate()
            return Result(None, output)
        finally:
            _end(process, folder)


def survivors(folder: str) -> list[int]:
    """Return the processes that have this temporary folder, where /proc tells of them."""
    setting = f"TMPDIR={folder}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if setting in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found


def _end(process: subprocess.Popen[str], folder: str) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + GRACE
    # A process may start another one while it is looked for.
    while left := survivors(folder):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {left} cannot be ended")
        time.sleep(0.01)
