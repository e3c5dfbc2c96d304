"""A tree of files in memory: what a render made, what a person has, what a merge gives."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PLAIN, EXECUTABLE, SYMLINK = "100644", "100755", "120000"
ALIKE = 80  # percent


@dataclass(frozen=True)
class File:
    """A file; `mode` is git's, the `content` of a symlink is what it points to."""

    content: bytes
    mode: str = PLAIN


Tree = Mapping[str, File]


@dataclass(frozen=True)
class Move:
    """The old name of a file, and how much of it is as it was, in percent."""

    old: str
    alike: int

    @property
    def is_sure(self) -> bool:
        """Tell a moved file from a copy made into something else, often half alike."""
        return self.alike >= ALIKE


@dataclass(frozen=True)
class Outcome:
    """What merging gave: a tree, and of each path with a conflict the file on each side.

    The sides are 1 for the base, 2 for ours and 3 for theirs, as in git's index. `moved` has each
    file that theirs moved, by its new name, `followed` each that ours did. `doubtful` are files of
    ours too unlike one that is gone to be taken for it.
    """

    tree: dict[str, File]
    stages: dict[str, dict[int, File]]
    moved: dict[str, Move]
    followed: dict[str, Move]
    doubtful: dict[str, Move] = field(default_factory=dict)


def read_file(path: Path) -> File | None:
    """Return the file at `path`, None where there is no file; symlinks are not followed."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return File(os.fsencode(path.readlink()), SYMLINK)
    if not stat.S_ISREG(mode):
        return None
    return File(path.read_bytes(), EXECUTABLE if mode & 0o100 else PLAIN)


def is_file(path: Path) -> bool:
    """Tell whether a render could have made what is at `path`: a file, or a symlink to anything."""
    return path.is_symlink() or path.is_file()


def files_in(folder: Path) -> list[str]:
    """Return the files below `folder`, and the links, also those to folders."""
    found = []
    for place, folders, names in os.walk(folder):
        inside = Path(place).relative_to(folder)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [(inside / name).as_posix() for name in (*names, *links)]
    return found


def read_tree(root: Path, paths: Iterable[str]) -> dict[str, File]:
    """Return those of `paths` that are files under `root`."""
    files = ((path, read_file(root / path)) for path in paths)
    return {path: file for path, file in files if file is not None}


def has_windows_line_ends(content: bytes) -> bool:
    """Tell whether every line of a text ends in CR LF."""
    lines = content.count(b"\n")
    return 0 < lines == content.count(b"\r\n") and b"\0" not in content


def with_unix_line_ends(file: File) -> File:
    """Return `file` with LF where every line ends in CR LF."""
    if not has_windows_line_ends(file.content):
        return file
    return File(file.content.replace(b"\r\n", b"\n"), file.mode)


def with_windows_line_ends(file: File) -> File:
    """Return `file` with CR LF at the end of each line, when it is a text."""
    if b"\0" in file.content:
        return file
    return File(re.sub(rb"(?<!\r)\n", b"\r\n", file.content), file.mode)


def matching(patterns: Iterable[str], paths: Iterable[str]) -> set[str]:
    """Return those of `paths` that a .gitignore with `patterns` would name."""
    wanted = list(patterns)
    if not wanted:
        return set()
    from pathspec import GitIgnoreSpec

    return set(GitIgnoreSpec.from_lines(wanted).match_files(paths))
