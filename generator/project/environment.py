"""A project's own environment, `.venv`: its Python, its formatter, its pending migrations."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from generator.errors import ScaffoldError
from generator.questions.facts import Facts, Formatter, MigrationCheck

PATIENCE = 20  # seconds


class NoEnvironmentError(ScaffoldError):
    """The project has no environment, or one without a Python that starts."""


def folder(root: Path) -> Path:
    """Return where uv has the environment of the project at `root`."""
    return root / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def is_installed(root: Path, facts: Facts) -> bool:
    """Tell whether the dependencies of a project at `root` are installed."""
    return (root / facts.packages if facts.packages else folder(root)).exists()


def python_version(root: Path) -> str:
    """Return the version of the environment's Python; raises `NoEnvironmentError` without one."""
    # Isolated, so that no module of the project, such as a platform.py of its own, is imported.
    code = "import platform; print(platform.python_version())"
    return _run(root, "-I", "-c", code).stdout.strip()


def program_version(name: str) -> str | None:
    """Return the version that a program on the PATH prints, None where it does not run."""
    program = shutil.which(name)
    if program is None:
        return None
    try:
        process = subprocess.run(
            [program, "--version"], capture_output=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(rb"\d+(\.\d+)*", process.stdout)
    return match.group().decode() if match else None


def has_pending_migrations(root: Path, check: MigrationCheck) -> bool:
    """Tell whether there are migrations that the database has not had; nothing is written.

    This runs code of the project, on purpose: only its settings and its migrations know. Raises
    `NoEnvironmentError` without an environment, `ScaffoldError` with the reason when the project,
    or its database, does not answer.
    """
    process = _run(root, *check.arguments, program=check.program)
    if process.returncode == 0:
        return False
    if check.answer in process.stdout + process.stderr:
        return True
    raise ScaffoldError(f"{_reason(process)}.")


def formatted(root: Path, formatter: Formatter, path: str, text: bytes) -> bytes | None:
    """Return what the project's formatter makes of a text that would stand at `path`.

    The formatter is that of the project's environment, else the one on the PATH. None where there
    is no such program, or where it cannot read the text.
    """
    name, *arguments = formatter.command
    program = shutil.which(name, path=_programs(root)) or shutil.which(name)
    if program is None:
        return None
    command = [program, *(argument.replace("{path}", path) for argument in arguments)]
    try:
        process = subprocess.run(
            command, cwd=root, input=text, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if process.returncode else process.stdout


def _programs(root: Path) -> Path:
    return folder(root) / ("Scripts" if os.name == "nt" else "bin")


def _reason(process: subprocess.CompletedProcess[str]) -> str:
    """Return what went wrong: the last line of the output or traceback, without a trailing hint."""
    text = process.stderr.strip() or process.stdout.strip()
    lines = [line for line in text.splitlines() if line and line[0] not in " \t("]
    reason = lines[-1] if lines else f"the check ended with exit code {process.returncode}"
    return re.sub(r" \([^()]*\)$", "", reason).removeprefix("Error: ").rstrip(".")


def _run(root: Path, *arguments: str, program: str = "") -> subprocess.CompletedProcess[str]:
    """Run the environment's Python, or another `program` of the PATH."""
    programs = _programs(root)
    try:
        return subprocess.run(
            [program or programs / "python", *arguments],
            cwd=root,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ScaffoldError(f"There was no answer within {PATIENCE} seconds.") from error
    except OSError as error:
        missing = f"{program} is not on the PATH" if program else ""
        what = missing or f"There is no Python in {programs.parent.name}"
        raise NoEnvironmentError(f"{what}.") from error
