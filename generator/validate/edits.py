"""Edits that owners make in their projects before an update, and what becomes of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from generator.validate.config import Edit

MARKER = "<<<<<<< "
TEXTS = {".py", ".md", ".txt", ".toml", ".yml", ".yaml", ".cfg", ".js", ".html", ".css", ".ini"}


def make(edits: Iterable[Edit], project: Path) -> Counter[str]:
    """Make the edits that fit the project, and return the lines that are new."""
    added: Counter[str] = Counter()
    for edit in edits:
        file = project / edit.file
        if not file.is_file():
            continue
        before = file.read_text(encoding="utf-8")
        after = before.replace(edit.find, edit.replace, 1) if edit.find else before
        after += edit.append
        file.write_text(after, encoding="utf-8", newline="")
        added += Counter(after.splitlines()) - Counter(before.splitlines())
    return added


def at_random(project: Path, count: int, seed: str) -> Counter[str]:
    """Insert so many lines at places that `seed` picks, and return them."""
    dice = random.Random(seed)  # noqa: S311 (a seed makes it repeatable)
    files = sorted(
        path
        for path in project.rglob("*")
        if path.suffix in TEXTS
        and path.is_file()
        and not path.name.startswith(".")
        and ".git" not in path.parts
    )
    added: Counter[str] = Counter()
    for number in range(count if files else 0):
        file, line = dice.choice(files), f"# mine {seed} {number}"
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        lines.insert(dice.randint(0, len(lines)), line)
        file.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")
        added[line] += 1
    return added


def lost(added: Counter[str], project: Path) -> list[str]:
    """Return the lines that are nowhere in the project any more; empty lines do not count."""
    missing = Counter({line: number for line, number in added.items() if line.strip()})
    for path in _texts(project):
        missing -= Counter(path.read_text(encoding="utf-8", errors="replace").splitlines())
    return sorted(missing)


def conflicts(project: Path) -> int:
    """Return how many conflicts the project has: those with marks, and files of rejected edits."""
    marks = sum(
        path.read_text(encoding="utf-8", errors="replace").count(f"\n{MARKER}")
        + path.read_text(encoding="utf-8", errors="replace").startswith(MARKER)
        for path in _texts(project)
    )
    return marks + sum(1 for path in project.rglob("*.rej") if ".git" not in path.parts)


def _texts(project: Path) -> Iterable[Path]:
    for path in project.rglob("*"):
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts:
            yield path
