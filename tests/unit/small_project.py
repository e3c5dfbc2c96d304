"""A project of a few files, and a change that does all that a change can do to files."""

from __future__ import annotations

from pathlib import Path

from generator.transaction import apply as applying
from generator.tree import EXECUTABLE, SYMLINK, File, read_tree

BEFORE = {
    "edited": File(b"1\n"),
    "script": File(b"#!\n", EXECUTABLE),
    "gone/deep/file": File(b"gone\n"),
    "link": File(b"edited", SYMLINK),
    "becomes_a_folder": File(b"file\n"),
}
AFTER = {
    "edited": File(b"2\n"),
    "script": File(b"#!2\n"),
    "new/deep/file": File(b"new\n", EXECUTABLE),
    "link": File(b"script", SYMLINK),
    "becomes_a_folder/file": File(b"inside\n"),
}
OWN = {"own": File(b"own\n")}


def write(root: Path, tree: dict[str, File]) -> None:
    for path, file in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if file.mode == SYMLINK:
            (root / path).symlink_to(file.content.decode())
        else:
            (root / path).write_bytes(file.content)
            (root / path).chmod(0o755 if file.mode == EXECUTABLE else 0o644)


def everything(root: Path) -> dict[str, File]:
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    empty = {
        path: File(b"empty folder")
        for path in paths
        if (root / path).is_dir() and not any((root / path).iterdir())
    }
    return read_tree(root, paths) | empty


def make_project(folder: Path) -> Path:
    """Return the root of the project as it is before the change, with a file of the user's."""
    root = folder / "project"
    root.mkdir()
    write(root, BEFORE | OWN)
    return root


def apply(root: Path, *, unresolved: bool = False) -> None:
    applying.apply(root, BEFORE, AFTER, {}, unresolved=unresolved)
