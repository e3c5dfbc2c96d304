"""Checks before files are moved, so that no work of the user's is overwritten."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from generator.errors import ScaffoldError
from generator.tree import Tree, read_tree


def digests(tree: Tree) -> dict[str, str]:
    """Return a hash of content and mode for each file of `tree`."""
    return {
        path: hashlib.sha256(file.mode.encode() + file.content).hexdigest()
        for path, file in tree.items()
    }


def edited_since(
    root: Path, before: Mapping[str, str], after: Mapping[str, str], paths: Collection[str]
) -> list[str]:
    """Return those of `paths` that are neither as `before` the change nor as `after` it."""
    found = digests(read_tree(root, paths))
    return sorted(path for path in found if found[path] not in (before.get(path), after.get(path)))


def check_not_edited(
    root: Path, before: Mapping[str, str], after: Mapping[str, str], paths: Collection[str]
) -> None:
    """Refuse to overwrite what somebody made of `paths` since the change began."""
    edited = edited_since(root, before, after, paths)
    if edited:
        what = f"The change that began here would overwrite later edits: {', '.join(edited)}."
        cure = "Move them away, then: scaffold update --abort; or lose them: --abort --force"
        raise ScaffoldError(what, cure)


def check_nothing_blocks(root: Path, paths: Collection[str]) -> None:
    """Refuse to write through a link out of the project, or over a folder or a file on the way."""
    for path in paths:
        for parent in Path(path).parents[:-1]:
            place = root / parent
            if place.is_symlink() and parent.as_posix() not in paths:
                cure = "Put a real folder there, or make the change by hand."
                raise ScaffoldError(f"{parent} is a link, and {path} would change.", cure)
            if os.path.lexists(place) and not place.is_dir() and parent.as_posix() not in paths:
                cure = "Move it away and run this again."
                raise ScaffoldError(f"{parent} is a file where {path} needs a folder.", cure)
        is_folder = (root / path).is_dir() and not (root / path).is_symlink()
        if is_folder and not any(Path(path) in Path(other).parents for other in paths):
            raise ScaffoldError(f"{path} is in the way.", "Move it away and run this again.")


def check_unchanged(root: Path, before: Tree, paths: Collection[str]) -> None:
    """Refuse to overwrite work that was not read: `paths` must be as in `before`."""
    found = read_tree(root, paths)
    for path in paths:
        if found.get(path) != before.get(path):
            raise ScaffoldError(f"{path} changed while scaffold was at work.", "Run it again.")
