"""Ends conflicts of the pending change: by one side's file, or by the user's merge tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.engine.pending import open_conflicts, unfinished
from generator.errors import ScaffoldError, UsageError
from generator.merge.by_tool import merge_by_tool
from generator.merge.three_way import OURS, SIDES, has_marks
from generator.project.project import name_in
from generator.transaction import journal
from generator.transaction.guards import digests
from generator.transaction.journal import Journal
from generator.transaction.settle import settle
from generator.tree import SYMLINK, File, read_file


@dataclass(frozen=True)
class Resolved:
    """The files that got their content, with None for those that went, and those left to do."""

    command: str
    files: dict[str, File | None]
    open: list[str]


def take_side(
    root: Path, start: Path, paths: Sequence[Path], side: str, *, force: bool
) -> Resolved:
    """Give the files `paths`, seen from `start`, what they have on the `side` of the merge.

    With `force`, also where they were edited since the change was made. Raises `UsageError` for
    what has no conflict, `ScaffoldError` for such edits; then nothing has changed.
    """
    pending, names = _conflicts(root, start, paths)
    edited = [] if force else [path for path in names if _is_edited(root, pending, path)]
    if edited:
        what = f"This would overwrite your edits since the {pending.about['command']}"
        raise ScaffoldError(f"{what}: {', '.join(edited)}.", "Add --force to lose them.")
    files = {path: journal.side(root, side, path) for path in names}
    for path, file in files.items():
        settle(root, path, read_file(root / path), file, resolved=True)
    return _resolved(root, files)


def use_tool(root: Path, start: Path, paths: Sequence[Path]) -> Resolved:
    """Have the user merge the files `paths`, seen from `start`, in git's merge tool.

    A file with conflict marks after that stays open. Raises `UsageError` for what has no conflict
    or no two sides to merge, `ScaffoldError` where the tool did not merge.
    """
    _, names = _conflicts(root, start, paths)
    marked = {path: _to_merge(root, path) for path in names}
    merged: dict[str, File | None] = {}
    for path, file in marked.items():
        made = merge_by_tool(root, path, _sides(root, path), file)
        is_done = not has_marks(made, journal.side(root, OURS, path))
        settle(root, path, file, made, resolved=is_done)
        merged[path] = made
    return _resolved(root, merged)


def _conflicts(root: Path, start: Path, paths: Sequence[Path]) -> tuple[Journal, list[str]]:
    """Return the pending change and those of its files with conflicts that `paths` name."""
    pending = unfinished(root)
    conflicts = [conflict["path"] for conflict in pending.about["conflicts"]]
    found: dict[str, None] = {}
    for name in (name_in(root, start / path) for path in paths):
        inside = [path for path in conflicts if Path(path).is_relative_to(name)]
        if not inside:
            cure = f"With conflicts: {', '.join(conflicts)}." if conflicts else ""
            raise UsageError(f"{name} has no conflict.", cure)
        found.update(dict.fromkeys(inside))
    for path in found:
        if not _sides(root, path):
            what = f"An older scaffold began the change and kept no sides of {path}."
            raise UsageError(what, "Edit the file, then: scaffold update --continue")
    return pending, list(found)


def _to_merge(root: Path, path: str) -> File:
    """Return the file with its marks; raises `UsageError` where there are no two texts to merge."""
    file, sides = read_file(root / path), _sides(root, path)
    texts = [sides.get(number) for number in (2, 3)]
    if not file or any(text is None or text.mode == SYMLINK for text in [file, *texts]):
        raise UsageError(f"{path} has no two sides to merge.", "Take --ours or --theirs.")
    return file


def _sides(root: Path, path: str) -> dict[int, File]:
    """Return the file as each side has it, numbered as in git's index."""
    files = {number: journal.side(root, side, path) for number, side in enumerate(SIDES, start=1)}
    return {number: file for number, file in files.items() if file}


def _is_edited(root: Path, pending: Journal, path: str) -> bool:
    """Tell whether the file is neither as the change made it nor as a side has it."""
    file = read_file(root / path)
    if file is None or file in _sides(root, path).values():
        return False
    return digests({path: file})[path] != pending.after.get(path)


def _resolved(root: Path, files: dict[str, File | None]) -> Resolved:
    pending = unfinished(root)
    left = [conflict["path"] for conflict in open_conflicts(root, pending)]
    return Resolved(pending.about["command"], files, left)
