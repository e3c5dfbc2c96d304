"""Moves the files of a change to their places, and back; every step can be repeated.

The folder of the change has the files to put in `new`, and in `old` those that were there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from generator.transaction.guards import digests
from generator.tree import EXECUTABLE, SYMLINK, File, is_file, read_tree


def stage(staged: Path, file: File, existing: Path) -> None:
    """Write `file` with the permissions that the existing one has."""
    _parent(staged)
    if file.mode == SYMLINK:
        staged.symlink_to(os.fsdecode(file.content))
        return
    staged.write_bytes(file.content)
    mode = staged.stat().st_mode
    if existing.is_file() and not existing.is_symlink():
        mode = existing.stat().st_mode
    can_run = (mode & 0o444) >> 2 if file.mode == EXECUTABLE else 0
    staged.chmod(mode & 0o7666 | can_run)


def forward(root: Path, folder: Path, deleted: Sequence[str], put: Sequence[str]) -> None:
    """Move the `deleted` files to `old`, and those to `put` from `new` to their places."""
    for path in deleted:
        if is_file(root / path):
            _parent(folder / "old" / path)
            (root / path).replace(folder / "old" / path)
    prune(root, deleted)
    for path in put:
        staged = folder / "new" / path
        if os.path.lexists(staged):
            if os.path.lexists(root / path):
                keep(root / path, folder / "old" / path)
            staged.replace(_parent(root / path))


def backward(root: Path, folder: Path, added: Sequence[str], kept: Sequence[str]) -> None:
    """Remove the `added` files that are in place, and move the `kept` ones back from `old`."""
    for path in added:
        if not os.path.lexists(folder / "new" / path) and is_file(root / path):
            (root / path).unlink()
    prune(root, added)
    for path in kept:
        old = folder / "old" / path
        if os.path.lexists(old):
            old.replace(_parent(root / path))


def already_moved(folder: Path, added: Collection[str], before: Collection[str]) -> set[str]:
    """Return the files that `forward` has moved, of those `added` and those there `before`."""
    put = (path for path in added if not os.path.lexists(folder / "new" / path))
    return {*put, *(path for path in before if os.path.lexists(folder / "old" / path))}


def can_go_forward(
    root: Path, folder: Path, after: Mapping[str, str], deleted: Collection[str]
) -> bool:
    """Tell whether all files can get the digests of `after`.

    They cannot where somebody put one back that was moved, or a power cut spoiled a new one.
    """
    done = digests(read_tree(root, after))
    staged = digests(read_tree(folder / "new", after))
    ready = all(digest in (done.get(p), staged.get(p)) for p, digest in after.items())
    put_back = (p for p in deleted if is_file(root / p) and is_file(folder / "old" / p))
    return ready and not any(put_back)


def keep(path: Path, backup: Path) -> None:
    """Keep the file itself, so that its times and owner come back as well."""
    _parent(backup)
    if os.path.lexists(backup):
        if backup.lstat().st_ino == path.lstat().st_ino:
            return
        backup.unlink()
    try:
        os.link(path, backup, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a file system without links
        shutil.copy2(path, backup, follow_symlinks=False)


def _parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def prune(root: Path, paths: Sequence[str]) -> None:
    """Remove the folders that are empty without `paths`, or have bytecode only."""
    for folder in sorted({p for path in paths for p in (root / path).parents}, reverse=True):
        if folder.is_relative_to(root) and folder != root and folder.is_dir():
            with suppress(OSError):
                if [entry.name for entry in folder.iterdir()] == ["__pycache__"]:
                    shutil.rmtree(folder / "__pycache__")
                folder.rmdir()
