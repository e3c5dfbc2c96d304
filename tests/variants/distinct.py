"""Hundreds of variants have few different files: each is read once, and linted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from generator.render.strict import Render

from .model import Variant


@dataclass(frozen=True)
class File:
    """A rendered file and one of the variants that have it."""

    path: str
    text: str
    variant: Variant

    def __str__(self) -> str:
        """Say where to look."""
        return f"{self.path} of {self.variant}"


Distinct = list[File]


def distinct_files(renders: Mapping[Variant, Render]) -> Distinct:
    """Return each different file once."""
    first: dict[tuple[str, str], Variant] = {}
    for variant, files in renders.items():
        for file in files.items():
            first.setdefault(file, variant)
    return [File(path, text, variant) for (path, text), variant in first.items()]


def problems(files: Iterable[File], check: Callable[[File], str | None]) -> list[str]:
    """Return what `check` has against each of the files."""
    return [f"{file}: {problem}" for file in files if (problem := check(file))]


def listing(found: Iterable[str], most: int = 40) -> str:
    """Return the first of them, a line for each: what a failing test says."""
    lines = sorted(found)
    more = [f"... and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join(["", *lines[:most], *more])


def lay_out(renders: Mapping[Variant, Render], suffix: str, out: Path) -> None:
    """Write the files with that suffix as linters see them in a project, each different one once.

    Variants whose `pyproject.toml` sets up the tools alike share folders; two files of one path
    go to two folders.
    """
    numbers: dict[str, int] = {}
    taken: set[tuple[str, int, str]] = set()
    done: set[tuple[str, str, str]] = set()
    for files in renders.values():
        setup = _tool_settings(files["pyproject.toml"])
        number = numbers.setdefault(setup, len(numbers))
        for path, text in files.items():
            if not path.endswith(suffix) or (setup, path, text) in done:
                continue
            done.add((setup, path, text))
            place = next(i for i in count() if (setup, i, path) not in taken)
            taken.add((setup, place, path))
            folder = out / f"{number}-{place}"
            if not folder.exists():
                _write(folder / "pyproject.toml", files["pyproject.toml"])
            _write(folder / path, text)


def write_project(files: Render, out: Path) -> None:
    """Write all files of one variant into the folder `out`."""
    for path, text in files.items():
        _write(out / path, text)


def _tool_settings(pyproject: str) -> str:
    requires = next(line for line in pyproject.splitlines() if line.startswith("requires-python"))
    return requires + pyproject[pyproject.index("[tool.ruff]") :]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
