"""The merge for a git before 2.38, which has no `merge-tree --write-tree`: one file at a time.

It follows no file that was moved.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from generator import git
from generator.tree import SYMLINK, File, Outcome, Tree


def merge_each_file(base: Tree, ours: Tree, theirs: Tree, our_name: str, name: str) -> Outcome:
    """Return `ours` with what changed from `base` to `theirs`, each path for itself."""
    tree, stages = dict(ours), dict[str, dict[int, File]]()
    for path in sorted({*base, *theirs}):
        before, mine, other = base.get(path), ours.get(path), theirs.get(path)
        if other in (before, mine):
            continue
        if mine == before:
            if other is None:
                del tree[path]
            else:
                tree[path] = other
            continue
        sides = {number: file for number, file in enumerate((before, mine, other), 1) if file}
        if mine is None or other is None:
            stages[path] = sides
            continue
        tree[path], clean = _merge_file(before, mine, other, (our_name, "base", name))
        if not clean:
            stages[path] = sides
    return Outcome(tree, stages, {}, {})


def _merge_file(
    before: File | None, mine: File, other: File, names: tuple[str, str, str]
) -> tuple[File, bool]:
    """Return the merged file, and whether it merged; a link and what is no text stay `mine`."""
    if SYMLINK in {mine.mode, other.mode}:
        return mine, False
    mode = other.mode if before and before.mode != other.mode else mine.mode
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        for name, file in zip("mbo", (mine, before, other), strict=True):
            (Path(folder) / name).write_bytes(file.content if file else b"")
        labels = [word for name in names for word in ("-L", name)]
        process = git.call(Path(folder), "merge-file", "-p", "--diff3", *labels, "m", "b", "o")
    if process.returncode > 127:
        return mine, False
    return File(process.stdout, mode), process.returncode == 0
