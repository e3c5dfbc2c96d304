"""One environment for all variants of a framework's series, with the dependencies of all.

So a variant costs seconds and not an installation. What a variant forgets to declare is hidden
by this; test_lint compares imports and dependencies.
"""

from __future__ import annotations

import json
import tempfile
import threading
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from generator.tree import File
from generator.validate.environments import Workshop
from generator.validate.tier1 import write

from .machine import ENVIRONMENTS
from .model import all_variants, config, series_of, strict
from .planned import once
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
    """Return the same for a Python that is named by its program.

    It is made as validate.toml says, for a project that depends on what all variants depend on.
    """
    wanted = config().environment
    assert wanted is not None
    shop = Workshop(wanted, ENVIRONMENTS / f"{framework}-{series}", threading.Event(), python)
    packages = json.dumps(sorted({*dependencies(framework, series), *more}))
    project = f'[project]\nname = "all"\nversion = "0"\ndependencies = {packages}\n'
    tree = {"pyproject.toml": File(f"{project}[dependency-groups]\ndev = []\n".encode())}
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        write(tree, Path(name))
        return shop.shared(Path(name), tree, {Path(name): tree}) / "bin"


def dependencies(framework: str, series: str) -> list[str]:
    """Return what the variants of the framework's series depend on, all of them together."""
    found: list[str] = once("dependencies", _dependencies)[f"{framework} {series}"]
    return found


def _dependencies() -> dict[str, list[str]]:
    different: dict[str, set[str]] = {}
    for variant in all_variants():
        text = strict().render_one("pyproject.toml", variant.answers())
        different.setdefault(f"{variant.framework} {variant.series}", set()).add(text)
    return {of: sorted(_declared(texts)) for of, texts in different.items()}


def _declared(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for data in map(tomllib.loads, texts):
        found.update(data["project"]["dependencies"], *data["dependency-groups"].values())
    return found
