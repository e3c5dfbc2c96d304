"""The files that updates leave alone, recorded as patterns in a file of the project's own.

It is reviewed and merged like code, and neither a template version nor plain copier touches it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from generator.errors import ScaffoldError
from generator.project.external_record import skipped_by_cruft, with_skips
from generator.project.record import Project
from generator.tree import (
    File,
    has_windows_line_ends,
    matching,
    read_file,
    with_unix_line_ends,
    with_windows_line_ends,
)
from generator.versions.engines import COOKIECUTTER

SKIPS_FILE = ".scaffoldignore"
HEADER = "# Files that scaffold leaves alone, as in .gitignore; see scaffold skip and unskip.\n"


def read_patterns(root: Path) -> list[str]:
    """Return the lines of the record; raises `ScaffoldError` for one that is no pattern."""
    file = read_file((root / SKIPS_FILE).resolve())
    try:
        lines = file.content.decode().splitlines() if file else []
    except ValueError as error:
        raise ScaffoldError(f"{SKIPS_FILE} is not UTF-8 text.", "Correct it.") from error
    for number, line in enumerate(lines, start=1):
        if not is_pattern(line):
            what = f"Line {number} of {SKIPS_FILE} is not a pattern: {line}"
            raise ScaffoldError(what, "Correct it; the patterns are those of .gitignore.")
    return lines


def is_pattern(line: str) -> bool:
    """Tell whether `line` can stand in a .gitignore."""
    try:
        matching([line], ())
    except (ValueError, re.error):
        return False
    return True


def record_of(project: Project) -> str:
    """Return the file that records what changes leave alone: of cruft's projects, cruft's own."""
    is_cruft = project.external and project.external.engine == COOKIECUTTER
    return project.record if is_cruft else SKIPS_FILE


def recorded_patterns(project: Project) -> list[str]:
    """Return the patterns in that file."""
    if record_of(project) == SKIPS_FILE:
        return read_patterns(project.root)
    return skipped_by_cruft(project)


def skipped(project: Project, paths: Iterable[str]) -> set[str]:
    """Return those of `paths` that the project records as skipped, for us or for cruft."""
    patterns = [*read_patterns(project.root), *skipped_by_cruft(project)]
    return matching(patterns, paths) - {project.record} if patterns else set()


def with_patterns(record: str, old: File | None, patterns: Collection[str]) -> File:
    """Return the record `old` with `patterns` at its end."""
    if old and record != SKIPS_FILE:
        return with_skips(old, add=patterns)
    text = with_unix_line_ends(old).content.decode() if old else HEADER
    text += "" if text.endswith("\n") or not text else "\n"
    return _written(old, text + "".join(f"{pattern}\n" for pattern in patterns))


def without_patterns(record: str, old: File | None, patterns: Collection[str]) -> File | None:
    """Return the record `old` without `patterns`; None where nothing is left of it."""
    if old and record != SKIPS_FILE:
        return with_skips(old, remove=patterns)
    lines = with_unix_line_ends(old).content.decode().splitlines(keepends=True) if old else []
    text = "".join(line for line in lines if line.rstrip("\n") not in patterns)
    return None if text in ("", HEADER) else _written(old, text)


def _written(old: File | None, text: str) -> File:
    file = File(text.encode(), old.mode) if old else File(text.encode())
    return with_windows_line_ends(file) if old and has_windows_line_ends(old.content) else file
