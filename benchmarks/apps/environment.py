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


def node_environment(package: str) -> Path:
    """Return the folder of programs of an environment with what a `package.json` declares."""
    return node.environment([package])


def node_peers(package: str, folder: Path) -> Path:
    """Lay out the peers of Node in a folder, with the packages that they import."""
    folder.mkdir(exist_ok=True)
    for peer in PEERS.glob("*.ts"):
        shutil.copy(peer, folder)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    packages = folder / "node_modules"
    if not packages.exists():
        packages.symlink_to(node_environment(package).parent / "node_modules")
    return folder


def uv(*arguments: str) -> None:
    subprocess.run([find_uv_bin(), *arguments], env=os.environ, check=True)
