"""Makes a change to a project as a whole or not at all, and takes it back.

All new files are written into a folder beside the others first. One rename of that folder decides:
from then on the change is made, and whatever kills the process, the journal in the folder tells
the next command how to go on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.files import sync, sync_all
from generator.transaction.guards import (
    check_not_edited,
    check_nothing_blocks,
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
from generator.transaction.lock import project_lock
from generator.transaction.staging import discard, staging_folder, sweep, uninterrupted
from generator.transaction.steps import already_moved, backward, can_go_forward, forward, stage
from generator.tree import SYMLINK, Tree, read_tree

FINISHED, ABORTED = "finished", "aborted"


def apply(
    root: Path,
    before: Tree,
    after: Tree,
    about: Mapping[str, Any],
    *,
    unresolved: bool,
    sides: Mapping[str, Tree] | None = None,
) -> None:
    """Make the files of `before` those of `after`: no other file is touched.

    `before` has every path of the change that the project has. With `unresolved` conflicts, the
    way back stays open until `close` or `undo`. `about` is kept for those, and so are the files
    of the `sides`. Raises `ScaffoldError` when something stands against it; then nothing has
    changed.
    """
    written = [path for path, file in after.items() if before.get(path) != file]
    touched = [*written, *(path for path in before if path not in after)]
    with staging_folder(root) as folder:
        (folder / ".gitignore").write_text("*\n")
        trees = {"new": {path: after[path] for path in written}, **(sides or {})}
        for name, tree in trees.items():
            for path, file in tree.items():
                stage(folder / name / path, file, root / path)
        sync_all(_staged(folder, trees))  # the old files go when the change has ended
        journal = Journal(
            APPLYING,
            before=digests({path: before[path] for path in touched if path in before}),
            after=digests(read_tree(folder / "new", written)),
            about=dict(about),
            unresolved=unresolved,
        )
        write(folder, journal)
        with moving_files(root):
            if os.path.lexists(root / FOLDER):
                cure = "See scaffold status."
                raise ScaffoldError("Another change was begun here meanwhile.", cure)
            check_nothing_blocks(root, touched)
            check_unchanged(root, before, touched)
            folder.rename(root / FOLDER)
            sync(root)  # a power cut must not leave moved files without the journal
            _finish(root, journal)


def _staged(folder: Path, trees: Mapping[str, Tree]) -> list[Path]:
    """Return the files that were staged; a link has no content to sync."""
    return [
        folder / name / path
        for name, tree in trees.items()
        for path, file in tree.items()
        if file.mode != SYMLINK
    ]


def recover(root: Path) -> str | None:
    """Complete a change whose process was killed; return how it ended, None when there is none.

    It is `FINISHED`, perhaps with conflicts, or `ABORTED` where it was being taken back, or files
    of it were put back meanwhile. Raises `ScaffoldError`, and touches nothing, when a file is
    neither as it was before the change nor as the change makes it.
    """
    journal = pending(root)
    if journal is None or not journal.was_cut_short:
        return None
    with moving_files(root):
        journal = pending(root)  # another process may have completed it until we had the lock
        if journal is None or not journal.was_cut_short:
            return None
        if journal.state == DONE:
            discard(root / FOLDER)
            return FINISHED
        if journal.state == APPLYING:
            check_nothing_blocks(root, journal.paths)
            check_not_edited(root, journal.before, journal.after, journal.paths)
            if can_go_forward(root, root / FOLDER, journal.after, journal.deleted):
                _finish(root, journal)
                return FINISHED
        _go_back(root, journal, force=False)
        return ABORTED


def close(root: Path) -> None:
    """Accept the pending change as it is: it can no longer be taken back."""
    with moving_files(root):
        if pending(root):
            discard(root / FOLDER)


def undo(root: Path, *, force: bool = False) -> list[str]:
    """Restore every file of the pending change as it was before, to the byte.

    Files that somebody edited since are in the way; with `force` they go, and are returned. Raises
    `ScaffoldError`.
    """
    with moving_files(root):
        journal = pending(root)
        if journal is None:
            raise ScaffoldError("There is no change to take back here.", "See scaffold status.")
        lost = edited_since(root, journal.before, journal.after, _to_take_back(root, journal))
        _go_back(root, journal, force=force)
    return lost


def _go_back(root: Path, journal: Journal, *, force: bool) -> None:
    check_nothing_blocks(root, journal.paths)
    if not force:
        check_not_edited(root, journal.before, journal.after, _to_take_back(root, journal))
    _finish(root, replace(journal, state=UNDOING))


def _to_take_back(root: Path, journal: Journal) -> set[str]:
    return already_moved(root / FOLDER, journal.added, journal.before)


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


@contextmanager
def moving_files(root: Path) -> Iterator[None]:
    """Work alone in the project, and do not stop halfway for a signal that can be ignored."""
    try:
        with project_lock(root), uninterrupted():
            sweep(root)
            yield
    except OSError as error:
        half = "The change is half made. Cure that, then: scaffold update --continue, or --abort"
        hint = half if (root / FOLDER).exists() else "Nothing was changed."
        where = f"{error.filename}: " if error.filename else ""
        raise ScaffoldError(f"{where}{error.strerror or error}.", hint) from error
