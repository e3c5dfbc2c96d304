"""What the servers under load import: an environment for each of them."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from uv import find_uv_bin

CACHE = Path(__file__).parents[2] / ".cache" / "benchmarks"


def environment(packages: tuple[str, ...], project: Path | None = None) -> Path:
    """Return the folder of programs of an environment, made where it is missing.

    It has the packages, or what the project's `pyproject.toml` declares.
    """
    declared = project / "pyproject.toml" if project else None
    wanted = declared.read_text("utf-8") if declared else "\n".join(packages)
    folder = CACHE / sha256(f"{sys.version}\n{wanted}".encode()).hexdigest()[:12]
    if not (folder / "complete").exists():
        uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        if declared:
            packages = ("--requirements", str(declared), "--group", f"{declared}:dev")
        uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(folder), *packages)
        (folder / "complete").touch()
    return folder / "bin"


def uv(*arguments: str) -> None:
    subprocess.run([find_uv_bin(), *arguments], env=os.environ, check=True)
