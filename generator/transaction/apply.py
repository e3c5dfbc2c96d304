"""Applies a change to a project as a whole, and undoes it as a whole while it has conflicts.

Everything is written into a folder beside the files first. One rename of that folder decides: from
then on the change will be made, and a process that is killed on the way leaves a journal, from
which the next command goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.files import sync
from generator.transaction.guards import (
    check_edits,
    check_places,
    check_unchanged,
    digests,
    edited_since,
)
from generator.transaction.journal import (
    APPLYING,
    CONFLICTS,
    DONE,
    FOLDER,
    UNDOING,
    Journal,
    pending,
    write,
)
from generator.transaction.lock import locked
from generator.transaction.signals import uninterrupted
from generator.transaction.staging import discard, mark, staging, sweep
from generator.transaction.steps import backward, can_go_forward, changed_so_far, forward, stage
from generator.tree import Tree, read_tree

FINISHED, ABORTED = "finished", "aborted"


def apply(
    root: Path, before: Tree, after: Tree, about: Mapping[str, Any], *, unresolved: bool
) -> None:
    """Make the files of `before` those of `after`: no other file is touched.

    `before` has every path of the change that the project has. With `unresolved` conflicts, the
    way back stays open until `close` or `undo`. `about` is kept for those. Raises `ScaffoldError`
    when something stands against it; then nothing has changed.
    """
    written = [path for path, file in after.items() if before.get(path) != file]
    touched = [*written, *(path for path in before if path not in after)]
    sweep(root)
    with staging(root) as folder:
        (folder / ".gitignore").write_text("*\n")
        mark(folder)
        for path in written:
            stage(folder / "new" / path, after[path], root / path)
        journal = Journal(
            APPLYING,
            before=digests({path: before[path] for path in touched if path in before}),
            after=digests(read_tree(folder / "new", written)),
            about=dict(about),
            unresolved=unresolved,
        )
        write(folder, journal)
        with _alone(root):
            if (root / FOLDER).exists():
                cure = "See scaffold status."
                raise ScaffoldError("Another change was begun here in the meantime.", cure)
            check_places(root, touched)
            check_unchanged(root, before, touched)
            folder.rename(root / FOLDER)
            sync(root)
            _finish(root, journal)


def recover(root: Path) -> str | None:
    """Bring a change that was killed on its way to its end; return which, None without one.

    It is `FINISHED`, perhaps with conflicts, or `ABORTED` where it was being taken back, or files
    of it were put back meanwhile. Raises `ScaffoldError`, and touches nothing, when a file is
    neither as it was before the change nor as the change makes it.
    """
    if not _was_cut_short(pending(root)):
        return None
    with _alone(root):
        sweep(root)
        journal = pending(root)  # another command may have ended it while this one waited
        if journal is None or not _was_cut_short(journal):
            return FINISHED
        if journal.state == DONE:
            discard(root / FOLDER)
            return FINISHED
        if journal.state == APPLYING:
            check_places(root, journal.paths)
            check_edits(root, journal.before, journal.after, journal.paths)
            if can_go_forward(root, root / FOLDER, journal.after, journal.deleted):
                _finish(root, journal)
                return FINISHED
        _go_back(root, journal, force=False)
        return ABORTED


def close(root: Path) -> None:
    """Forget the way back."""
    with _alone(root):
        discard(root / FOLDER)


def undo(root: Path, *, force: bool = False) -> list[str]:
    """Give every file of the pending change back as it was before, to the byte.

    Files that somebody edited since are in the way; with `force` they go, and are returned.
    """
    with _alone(root):
        sweep(root)
        journal = pending(root)
        if journal is None:
            return []
        lost = edited_since(root, journal.before, journal.after, _changed_so_far(root, journal))
        _go_back(root, journal, force=force)
    return lost


def _go_back(root: Path, journal: Journal, *, force: bool) -> None:
    check_places(root, journal.paths)
    if not force:
        check_edits(root, journal.before, journal.after, _changed_so_far(root, journal))
    _finish(root, replace(journal, state=UNDOING))


def _changed_so_far(root: Path, journal: Journal) -> set[str]:
    return changed_so_far(root / FOLDER, journal.added, journal.before)


def _finish(root: Path, journal: Journal) -> None:
    """Go the rest of the way, forward or, when the file system refuses, back; can be repeated."""
    folder = root / FOLDER
    if journal.state == APPLYING:
        try:
            forward(root, folder, journal.deleted, [*journal.replaced, *journal.added])
        except OSError:
            _finish(root, replace(journal, state=UNDOING))
            raise
        if journal.unresolved:
            write(folder, replace(journal, state=CONFLICTS))
            return
    else:
        with suppress(OSError):  # on a full disk the digests tell as well which way it goes
            write(folder, journal)
        backward(root, folder, journal.added, [*journal.replaced, *journal.deleted])
    discard(folder)


def _was_cut_short(journal: Journal | None) -> bool:
    return journal is not None and journal.was_cut_short


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Do what is inside without another command at work in `root`, and without interruptions.

    What the system refuses becomes a `ScaffoldError` that says how the project was left.
    """
    with locked(root), uninterrupted():
        try:
            yield
        except OSError as error:
            half = (
                "The change is half made. Cure that, then: scaffold update --continue, or --abort"
            )
            hint = half if (root / FOLDER).exists() else "Nothing was changed."
            raise ScaffoldError(f"{error.filename}: {error.strerror}.", hint) from error
