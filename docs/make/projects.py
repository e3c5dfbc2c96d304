"""The default project of each framework, and what its own files say of it."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.questions.answers import complete
from generator.questions.catalog import Catalog
from generator.render.backend import backend_of

from .blocks import code, table

ROOT = Path(__file__).parents[2]
NAME = "shop"
PYTHON = "3.13"
ANSWERS_FILE = ".copier-answers.yml"
# Sections of a project's README that are of no use, or told in more detail, on a page about it.
LEFT_OUT = {"Start", "Settings", "Updates"}


@cache
def catalog() -> Catalog:
    return backend_of(ROOT).catalog()


def frameworks() -> list[str]:
    return catalog().questions["framework"].values


@cache
def files(framework: str) -> dict[str, bytes]:
    """Return what `scaffold new shop --framework ...` makes, without the project's record."""
    options = {"framework": framework, "python_version": PYTHON}
    answers = complete(catalog(), NAME, options=options, assigned={}, file={}, resources=[])
    with TemporaryDirectory() as folder:
        paths = backend_of(ROOT).render(answers, Path(folder), "v0.0.0")
        made = {path: (Path(folder) / path).read_bytes() for path in paths}
    return {path: content for path, content in made.items() if path != ANSWERS_FILE}


def readme(framework: str) -> str:
    """Return the sections of the project's README that tell how it is built and run."""
    sections = re.split(r"^(?=## )", files(framework)["README.md"].decode(), flags=re.MULTILINE)
    kept = [s for s in sections[1:] if s.splitlines()[0].removeprefix("## ") not in LEFT_OUT]
    return "".join(kept).strip()


def dependencies(framework: str) -> str:
    """Return the table of the packages that the project depends on."""
    if "package.json" in files(framework):
        found = json.loads(files(framework)["package.json"])["dependencies"]
        return table(("package", "version"), [(code(name), code(v)) for name, v in found.items()])
    project = tomllib.loads(files(framework)["pyproject.toml"].decode())["project"]
    rows = []
    for requirement in project["dependencies"]:
        match = re.match(r"([\w.-]+(?:\[[\w,]+\])?)(.*)", requirement)
        assert match is not None
        rows.append((code(match[1]), code(match[2])))
    return table(("package", "version"), rows)


def settings(framework: str) -> str:
    """Return the table of settings, from the project's `.env.example`."""
    rows: list[tuple[str, ...]] = []
    comment: list[str] = []
    for line in files(framework)[".env.example"].decode().splitlines()[1:]:
        if line.startswith("#"):
            comment.append(line.removeprefix("# "))
        elif "=" in line:
            name, _, value = line.partition("=")
            rows.append((code(name), code(value) if value else "", " ".join(comment)))
            comment = []
        else:
            comment = []
    return table(("setting", "default", "meaning"), rows)
