"""Hundreds of variants have few different files: each is read once, and linted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from generator.render.strict import Render
from generator.tree import File, Tree
from generator.validate import linting, tier1
from generator.validate.checks import Seen

from .model import Variant

Distinct = list[Seen]

_file = cache(lambda text: File(text.encode()))


def tree_of(files: Render) -> Tree:
    """Return the files of a project as `scaffold validate` has them."""
    return {path: _file(text) for path, text in files.items()}


def text_of(one: Seen) -> str:
    """Return the text of a file."""
    return one.file.content.decode()


def problems(files: Iterable[Seen], check: Callable[[Seen], str | None]) -> list[str]:
    """Return what `check` has against each of the files."""
    found = ((one, check(one)) for one in files)
    return [f"{one.path} of {one.variant}: {problem}" for one, problem in found if problem]


def listing(found: Iterable[str], most: int = 40) -> str:
    """Return the first of them, a line for each: what a failing test says."""
    lines = sorted(found)
    more = [f"... and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join(["", *lines[:most], *more])


def lay_out(renders: Mapping[Variant, Render], suffix: str, out: Path) -> None:
    """Write the files with that suffix as ruff sees them in a project, each different one once."""
    trees = {variant: tree_of(files) for variant, files in renders.items()}
    linting.laid_out(trees, (suffix,), (linting.SHOWN,), linting.RUFF).write(out)


def write_project(files: Render, out: Path) -> None:
    """Write all files of one variant into the folder `out`."""
    tier1.write(tree_of(files), out)
