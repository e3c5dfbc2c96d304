"""A project's own environment, `.venv`: its Python, and what its migrations' tool says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from generator.errors import ScaffoldError

PATIENCE = 20  # seconds
# What tells whether the database has all migrations and changes nothing, and its words for a no.
QUESTIONS = {
    "fastapi": ("-m alembic current --check-heads", "not on all head revisions"),
    "flask": ("-m app.cli db current --check-heads", "not on all head revisions"),
    "django": ("manage.py migrate --check --plan", "Planned operations:"),
}
CURE = "See that DATABASE_URL in .env is right and its server runs."


def folder(root: Path) -> Path:
    """Return where uv has the environment of the project at `root`."""
    return root / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def python_version(root: Path) -> str:
    """Return the version of the environment's Python; raises `ScaffoldError` without one."""
    return _ask(root, "-c", "import platform; print(platform.python_version())").stdout.strip()


def lacks_migrations(root: Path, framework: str) -> bool:
    """Tell whether there are migrations that the database has not had; nothing is written.

    Raises `ScaffoldError` when the project, or its database, does not answer.
    """
    arguments, no = QUESTIONS[framework]
    process = _ask(root, *arguments.split(" "))
    if process.returncode == 0:
        return False
    if no in process.stdout + process.stderr:
        return True
    raise ScaffoldError(f"{_reason(process)}.", CURE)


def _reason(process: subprocess.CompletedProcess[str]) -> str:
    """Return what went wrong: the last line of a text or a traceback, without a hint behind it."""
    text = process.stderr.strip() or process.stdout.strip()
    lines = [line for line in text.splitlines() if line and line[0] not in " \t("]
    reason = lines[-1] if lines else f"It ended with exit code {process.returncode}"
    return re.sub(r" \([^()]*\)$", "", reason).removeprefix("Error: ").rstrip(".")


def _ask(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    programs = folder(root) / ("Scripts" if os.name == "nt" else "bin")
    try:
        return subprocess.run(
            [programs / "python", *arguments],
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
        raise ScaffoldError(f"It gave no answer in {PATIENCE} seconds.", CURE) from error
    except OSError as error:
        name = programs.parent.name
        raise ScaffoldError(f"There is no Python in {name}.", "uv sync makes it.") from error
