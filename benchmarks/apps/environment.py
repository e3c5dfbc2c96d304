"""What the servers under load import: an environment for each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from uv import find_uv_bin

from tests.variants import node

PEERS = Path(__file__).parent / "peers"
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


def with_packages(folder: Path) -> Path:
    """Give a folder the packages of its `package.json`, and return the folder of programs."""
    programs = node.environment([(folder / "package.json").read_text("utf-8")])
    (folder / "node_modules").symlink_to(programs.parent / "node_modules")
    return programs


def peers_of_node(project: Path, folder: Path) -> Path:
    """Lay out the peers in TypeScript in a new folder, with the packages of a project."""
    folder.mkdir()
    for file in (*PEERS.glob("*.ts"), project / "package.json"):
        shutil.copy(file, folder)
    return with_packages(folder)


def uv(*arguments: str) -> None:
    subprocess.run([find_uv_bin(), *arguments], env=os.environ, check=True)
