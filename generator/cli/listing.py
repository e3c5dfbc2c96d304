"""Files as an indented tree with their sizes, for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath


def tree(sizes: Mapping[str, int]) -> list[str]:
    """Return the lines of a tree of files, of which `sizes` has the bytes by path."""
    rows: list[tuple[str, str]] = []
    above: tuple[str, ...] = ()
    for path in sorted(sizes, key=lambda path: PurePosixPath(path).parts):
        *folders, name = PurePosixPath(path).parts
        for depth in range(len(folders)):
            if tuple(folders[: depth + 1]) != above[: depth + 1]:
                rows.append(("  " * depth + folders[depth] + "/", ""))
        rows.append(("  " * len(folders) + name, size(sizes[path])))
        above = tuple(folders)
    width = max((len(label) for label, _ in rows), default=0)
    return [f"{label:{width}}  {number:>8}".rstrip() for label, number in rows]


def size(number: int) -> str:
    """Return a number of bytes as it is shown: "512 B", "2.1 kB"."""
    return f"{number} B" if number < 1000 else f"{number / 1000:.1f} kB"
