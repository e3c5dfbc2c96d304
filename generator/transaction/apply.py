"""Putting a change into a project: all of it or nothing, and back again while it has conflicts.

Everything is written into a folder beside the files first. One rename of that folder decides: from
then on the change will be made, and whoever is killed on the way leaves a journal to go on from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.transaction import detached
from generator.transaction.guards import (
    check_edits,
    check_places,
    check_unchanged,
    digests,
    strangers,
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
from generator.transaction.staging import discard, sweep, workshop
from generator.transaction.steps import backward, can_go_forward, forward, reached, stage
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
    with workshop(root) as folder:
        (folder / ".gitignore").write_text("*\n")
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

        def decide() -> None:
            if (root / FOLDER).exists():
                cure = "See scaffold status."
                raise ScaffoldError("Another change was begun here meanwhile.", cure)
            check_places(root, touched)
            check_unchanged(root, before, touched)
            folder.rename(root / FOLDER)
            _finish(root, journal)

        _to_its_end(root, decide)


def recover(root: Path) -> str | None:
    """Bring a change that was killed on its way to its end; return which, None without one.

    It is `FINISHED`, perhaps with conflicts, or `ABORTED` where it was being taken back, or files
    of it were put back meanwhile. Raises `ScaffoldError`, and touches nothing, when a file is
    neither as it was before the change nor as the change makes it.
    """
    journal = pending(root)
    if journal is None or not journal.was_cut_short:
        return None
    end = FINISHED if journal.state == DONE or _can_go_on(root, journal) else ABORTED

    def go_on() -> None:
        journal = pending(root)  # whoever was at work may have ended meanwhile
        if journal is None or not journal.was_cut_short:
            return
        if journal.state == DONE:
            discard(root / FOLDER)
            return
        if journal.state == APPLYING:
            check_places(root, journal.paths)
            check_edits(root, journal.before, journal.after, journal.paths)
            if _can_go_on(root, journal):
                _finish(root, journal)
                return
        _go_back(root, journal, force=False)

    _to_its_end(root, go_on)
    return end


def close(root: Path) -> None:
    """Forget the way back."""
    with detached.locked(root):
        discard(root / FOLDER)


def undo(root: Path, *, force: bool = False) -> list[str]:
    """Give every file of the pending change back as it was before, to the byte.

    Files that somebody edited since are in the way; with `force` they go, and are returned.
    """
    journal = pending(root)
    assert journal is not None
    lost = strangers(root, journal.before, journal.after, _to_take_back(root, journal))
    _to_its_end(root, lambda: _go_back(root, journal, force=force))
    return lost


def _go_back(root: Path, journal: Journal, *, force: bool) -> None:
    check_places(root, journal.paths)
    if not force:
        check_edits(root, journal.before, journal.after, _to_take_back(root, journal))
    _finish(root, replace(journal, state=UNDOING))


def _to_take_back(root: Path, journal: Journal) -> set[str]:
    return reached(root / FOLDER, journal.added, journal.before)


def _can_go_on(root: Path, journal: Journal) -> bool:
    is_forward = journal.state == APPLYING
    return is_forward and can_go_forward(root, root / FOLDER, journal.after, journal.deleted)


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
        if detached.is_orphan():  # nobody is left to tell what follows from the change
            write(folder, replace(journal, state=DONE))
            return
    else:
        with suppress(OSError):  # on a full disk the digests tell as well which way it goes
            write(folder, journal)
        backward(root, folder, journal.added, [*journal.replaced, *journal.deleted])
    discard(folder)


def _to_its_end(root: Path, work: Callable[[], None]) -> None:
    """Do `work` even when the command is killed.

    The journal would bring it to its end too, but only with the next command.
    """

    def explain(error: OSError) -> ScaffoldError:
        half = "The change is half made. Cure that, then: scaffold update --continue, or --abort"
        hint = half if (root / FOLDER).exists() else "Nothing was changed."
        return ScaffoldError(f"{error.filename}: {error.strerror}.", hint)

    detached.run(root, work, explain)
