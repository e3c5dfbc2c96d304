"""The commands of a project: those of uv run by the uv that came with this package."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from generator.errors import ScaffoldError
from generator.project import environment

# The lines in which uv says what is wrong; the last one is nearest to the root.
REASON = re.compile(r"^(?:error|\s*cause|\s*Caused by): (.+)$", re.MULTILINE)
# The line in which npm does, after those with codes for programs.
NPM_REASON = re.compile(r"^npm error (?!code |syscall |errno |path )(.+)$", re.MULTILINE)


def _environment(folder: Path, python_version: str) -> dict[str, str]:
    """Return the environment for uv: the running interpreter, where it is new enough.

    A project that has its own environment keeps the Python of that environment. Without a
    `python_version`, the project is not written in Python.
    """
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    if not python_version:
        return env
    is_enough = sys.version_info[:2] >= tuple(int(part) for part in python_version.split("."))
    if is_enough and not environment.folder(folder).exists():
        env.setdefault("UV_PYTHON", sys.executable)
        env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    return env


def install(folder: Path, python_version: str, command: str) -> None:
    """Run the `command` that installs a project's dependencies.

    What it prints goes to stderr, its progress only to a terminal. Raises `ScaffoldError` when it
    fails.
    """
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    process = subprocess.run(
        [*_words(command), *quiet],
        cwd=folder,
        env=_environment(folder, python_version),
        stdout=sys.stderr,
        check=False,
    )
    if process.returncode:
        raise ScaffoldError(f"{command} failed with code {process.returncode}.")


@dataclass(frozen=True)
class Ended:
    """The exit code of a command that ended, and what it said last, or why uv or npm failed."""

    code: int
    reason: str


def captured(folder: Path, python_version: str, command: str) -> Ended:
    """Run a `command` of a project without showing what it prints.

    Where it begins with `uv`, the uv that came with this package runs it.
    """
    process = subprocess.run(
        _words(command),
        cwd=folder,
        env=_environment(folder, python_version),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    said = process.stderr.strip() or process.stdout.strip()
    reasons = REASON.findall(said) or NPM_REASON.findall(said)[:1] or said.splitlines()
    return Ended(process.returncode, reasons[-1].removeprefix("Error: ") if reasons else "")


def run(
    folder: Path,
    python_version: str,
    command: str,
    *arguments: str,
    inside: Path | None = None,
    output: TextIO | None = None,
) -> int:
    """Run the `command` of a project, with more `arguments`, until it ends; return the exit code.

    It is run in the project's `folder`, or `inside` a folder of it. Where it begins with `uv`, the
    uv that came with this package runs it. SIGTERM and Ctrl-C end it in its own time, with all that
    it has started. What it prints goes to `output`, by default to stdout.
    """
    # In a terminal it stays in our group: only the programs of that one read what is typed.
    is_apart = os.name == "posix" and not os.isatty(0)
    process = subprocess.Popen(
        [*_words(command), *arguments],
        cwd=inside or folder,
        env=_environment(folder, python_version),
        stdout=output,
        process_group=0 if is_apart else None,
    )
    group = process.pid if is_apart else _led_group()
    _pass_on(signal.SIGTERM, process, group)
    if is_apart:
        _pass_on(signal.SIGINT, process, group)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all of them
    code = process.wait()
    return 130 if code in {-signal.SIGINT, 128 + signal.SIGINT, -signal.SIGTERM, 143} else code


def _led_group() -> int | None:
    """Return our process group if we lead it, as a command that is typed in a terminal does.

    Then no process is in it but ours, and those that we started.
    """
    return os.getpid() if os.name == "posix" and os.getpgrp() == os.getpid() else None


def _pass_on(number: signal.Signals, process: subprocess.Popen[bytes], group: int | None) -> None:
    """Pass a signal on to the processes of a group; without one, to a single process.

    The shell in which npm runs a script ends by SIGTERM, and leaves what it has started.
    """

    def send(*_: object) -> None:
        if group is None:
            process.send_signal(number)
            return
        signal.signal(number, signal.SIG_IGN)  # the group may be ours
        with suppress(ProcessLookupError):
            os.killpg(group, number)
        signal.signal(number, send)

    signal.signal(number, send)


def _words(command: str) -> list[str]:
    """Return a command as it is run on this machine; raises `ScaffoldError` where it is missing."""
    from uv import find_uv_bin

    program, *words = shlex.split(command)
    found = find_uv_bin() if program == "uv" else shutil.which(program)
    if found is None:
        raise ScaffoldError(
            f"{program} is not on the PATH.", "scaffold doctor says what is missing."
        )
    return [found, *words]
