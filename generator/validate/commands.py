"""Programs that leave nothing running: whatever they started ends with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

GRACE = 10
PAUSE = 0.2  # how often it is looked whether a program is to be stopped


@dataclass(frozen=True)
class Result:
    """What a program said; `code` is None when its time ran out or it was stopped."""

    code: int | None
    output: str


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    timeout: float,
    stop: threading.Event | None = None,
) -> Result:
    """Run a program until it ends, its time is over or it is to `stop`; end all that it started."""
    deadline = time.monotonic() + timeout
    with _started(command, env=env, cwd=cwd, output=subprocess.PIPE) as (process, end):
        while True:
            left = deadline - time.monotonic()
            try:
                said, _ = process.communicate(timeout=max(0, min(left, PAUSE) if stop else left))
                return Result(process.returncode, said)
            except subprocess.TimeoutExpired:
                if time.monotonic() >= deadline or (stop and stop.is_set()):
                    end()
                    said, _ = process.communicate()
                    return Result(None, said)


@contextmanager
def serving(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path
) -> Iterator[subprocess.Popen[str]]:
    """Have a program run during the block; it prints to the file `log`."""
    with (
        log.open("w", encoding="utf-8") as file,
        _started(command, env=env, cwd=cwd, output=file.fileno()) as (process, _),
    ):
        yield process


def shell(command: str) -> list[str]:
    """Return how the system's shell runs a command line."""
    if sys.platform == "win32":
        return [os.environ.get("COMSPEC", "cmd"), "/c", command]
    return ["sh", "-c", command]


def output(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Return what a short command prints; raises `OSError` where it fails."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.returncode, f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def _started(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, output: int
) -> Iterator[tuple[subprocess.Popen[str], _End]]:
    """Start a program, which has a temporary folder of its own, and end all of it at last.

    Servers that it starts may have sessions of their own, so a process group does not name them
    all. They inherit the temporary folder, which only this program has: by that they are found.
    """
    with tempfile.TemporaryDirectory(prefix="step-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "TMPDIR": folder},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        end = _End(process, folder)
        try:
            yield process, end
        finally:
            end()


@dataclass(frozen=True)
class _End:
    """Ends a program and all that it started."""

    process: subprocess.Popen[str]
    folder: str

    def __call__(self) -> None:
        if sys.platform == "win32":
            tree = ["taskkill", "/T", "/F", "/PID", str(self.process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + GRACE
        # A process may start another one while it is looked for.
        while left := survivors(self.folder):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > deadline:
                raise RuntimeError(f"processes {left} cannot be ended")
            time.sleep(0.01)


def survivors(folder: str) -> list[int]:
    """Return the processes that have this temporary folder, where /proc tells of them."""
    setting = f"TMPDIR={folder}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if setting in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found
