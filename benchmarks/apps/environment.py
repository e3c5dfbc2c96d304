"""What the projects under load and their bounds import: one environment for each framework."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

CACHE = Path(__file__).parents[2] / ".cache" / "benchmarks"


def environment(framework: str, project: Path, more: tuple[str, ...]) -> Path:
    """Return the folder of programs of an environment that has what the project depends on."""
    folder = CACHE / f"{framework}-{sys.version_info.major}.{sys.version_info.minor}"
    if not folder.exists():
        uv("venv", "--quiet", "--python", sys.executable, str(folder))
    declared = str(project / "pyproject.toml")
    wanted = ["--requirements", declared, "--group", f"{declared}:dev", *more]
    uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(folder), *wanted)
    return folder / "bin"


def uv(*arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([find_uv_bin(), *arguments], env=kept, check=True)
