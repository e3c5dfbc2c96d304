"""One environment for all variants of a framework, with the dependencies of every one of them.

So a variant costs seconds and not an installation. What a variant forgets to declare is hidden
by this; test_lint compares imports and dependencies.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

from filelock import FileLock
from uv import find_uv_bin

from .model import ROOT, all_variants
from .strict import Strict

CACHE = ROOT / ".cache" / "variants"
READY = "ready"


@cache
def environment(framework: str) -> Path:
    """Return the folder of programs of the framework's environment; made when it is not there."""
    wanted = sorted(dependencies(framework))
    key = hashlib.sha256(repr([sys.version, *wanted]).encode()).hexdigest()[:12]
    folder = CACHE / f"{framework}-{sys.version_info.major}.{sys.version_info.minor}-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / "lock"):
        if not (folder / READY).exists():
            shutil.rmtree(folder, ignore_errors=True)
            _uv("venv", "--quiet", "--python", sys.executable, str(folder))
            _uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(folder), *wanted)
            (folder / READY).touch()
    return folder / "bin"


def dependencies(framework: str) -> set[str]:
    """Return what the variants of the framework depend on, all of them together."""
    strict = Strict(ROOT)
    found: set[str] = set()
    live = {variant.inert_part(): variant for variant in all_variants()}
    for variant in live.values():
        if variant["framework"] == framework:
            data = tomllib.loads(strict.render(variant.answers())["pyproject.toml"])
            found.update(data["project"]["dependencies"], *data["dependency-groups"].values())
    return found


def _uv(*arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run([find_uv_bin(), *arguments], env=kept, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"uv {' '.join(arguments)} failed:\n{result.stderr}")
