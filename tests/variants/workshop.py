"""One environment for all variants of a framework's series, with the dependencies of all.

So a variant costs seconds and not an installation. What a variant forgets to declare is hidden
by this; test_lint compares imports and dependencies.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tomllib
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from generator.render.strict import Strict
from generator.validate.kept import made_once

from .machine import ENVIRONMENTS
from .model import ROOT, all_variants, series_of
from .pythons import python_for


def environment(framework: str, python_version: str, *more: str) -> Path:
    """Return the folder of programs of an environment for such projects; made when it is not there.

    It has `more` packages besides. Raises `NoPythonError` where this machine has no Python that is
    new enough.
    """
    series = series_of(framework, python_version)
    return environment_on(python_for(series), framework, series, *more)


@cache
def environment_on(python: str, framework: str, series: str, *more: str) -> Path:
    """Return the same for a Python that is named by its program."""
    version = subprocess.check_output([python, "-VV"], text=True)
    wanted = sorted({*dependencies(framework, series), *more})
    key = hashlib.sha256(repr([version, python, *wanted]).encode()).hexdigest()[:12]
    folder = ENVIRONMENTS / f"{framework}-{series}-{key}"

    def make(folder: Path) -> None:
        _uv("venv", "--quiet", "--python", python, str(folder))
        _uv("pip", "install", "--quiet", "--python", str(folder), *wanted)

    return made_once(folder, make) / "bin"


def dependencies(framework: str, series: str) -> set[str]:
    """Return what the variants of the framework's series depend on, all of them together."""
    strict = Strict(ROOT)
    found: set[str] = set()
    different = {variant.live_part(): variant for variant in all_variants()}
    for variant in different.values():
        if (variant.framework, variant.series) == (framework, series):
            data = tomllib.loads(strict.render(variant.answers())["pyproject.toml"])
            found.update(data["project"]["dependencies"], *data["dependency-groups"].values())
    return found


def _uv(*arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run([find_uv_bin(), *arguments], env=kept, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"uv {' '.join(arguments)} failed:\n{result.stderr}")
