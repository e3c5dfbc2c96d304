"""The unfinished change of a project: one that was interrupted, or that has conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from generator.engine.advice import Advice, with_conflicts
from generator.errors import ConflictsError, UsageError
from generator.merge.three_way import Conflict, has_marks
from generator.project.external_record import records_in
from generator.project.project import find_project
from generator.transaction import apply as transaction
from generator.transaction import journal
from generator.transaction.journal import Journal
from generator.tree import read_file

CONFLICTS = "conflicts"
ADVICE = tuple(heading.name for heading in fields(Advice))


@dataclass(frozen=True)
class Ended:
    """A change that was finished or taken back.

    `state` is "finished", "aborted", or "conflicts" where files in `unresolved` still have
    conflict marks. The later edits of files in `lost` are gone; `left` says what stays as it is.
    The `advice` was given before when it `was_told`.
    """

    command: str
    state: str
    advice: Advice = field(default_factory=Advice)
    was_told: bool = False
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)


def project_root(start: Path) -> Path:
    """Return the folder of the project that `start` is in.

    An interrupted change may have left it without an answers file. Raises `ScaffoldError`.
    """
    for folder in (start, *start.parents):
        if (folder / journal.FOLDER).is_dir() or records_in(folder):
            return folder
    return find_project(start).root


def interrupted(root: Path) -> str | None:
    """Return the command whose change of the project at `root` was interrupted, if any was."""
    pending = journal.pending(root)
    return pending.about["command"] if pending and pending.was_cut_short else None


def check_none(root: Path) -> None:
    """Raise `ConflictsError` when a change is pending: it must end before another begins."""
    pending = journal.pending(root)
    if pending is None:
        return
    cure = "Finish it: scaffold update --continue, or undo it: scaffold update --abort"
    command = pending.about["command"]
    if pending.was_cut_short:
        raise ConflictsError(f"A scaffold {command} was interrupted.", cure)
    paths = ", ".join(conflict["path"] for conflict in open_conflicts(root, pending))
    where = f" in {paths}" if paths else ", all resolved"
    raise ConflictsError(f"A scaffold {command} has conflicts{where}.", cure)


def recover(root: Path) -> Ended | None:
    """Finish a change that was interrupted, or take it back where that is the way; None without."""
    pending = journal.pending(root)
    state = transaction.recover(root)
    if pending is None or state is None:
        return None
    return Ended(pending.about["command"], state, _advice(root, pending, state))


def finish(root: Path) -> Ended:
    """Finish the pending change, once its conflicts are resolved; raises `UsageError` without."""
    pending = unfinished(root)
    command = pending.about["command"]
    state = transaction.recover(root) or transaction.FINISHED
    if journal.pending(root) is None:
        return Ended(command, state, _advice(root, pending, state))
    still = open_conflicts(root, pending)
    unresolved = [conflict["path"] for conflict in still if conflict["marked"]]
    was_told = not pending.was_cut_short
    if unresolved:
        advice = _advice(root, pending, state)
        return Ended(command, CONFLICTS, advice, was_told, unresolved=unresolved)
    transaction.close(root)
    advice = _advice(root, pending, state)
    left = [f"{conflict['path']} stays as you have it." for conflict in still]
    left += [
        f"{conflict['path']} had a conflict and has been deleted."
        for conflict in pending.about["conflicts"]
        if conflict["marked"]
        and conflict["path"] not in settled(pending)
        and read_file(root / conflict["path"]) is None
    ]
    return Ended(command, transaction.FINISHED, advice, was_told, left=left)


def abort(root: Path, *, force: bool) -> Ended:
    """Take the pending change back, to the byte; with `force`, later edits of its files are lost.

    Raises `UsageError` where there is none, `ScaffoldError` where later edits are in the way.
    """
    command = unfinished(root).about["command"]
    lost = transaction.undo(root, force=force)
    return Ended(command, transaction.ABORTED, lost=lost)


def open_conflicts(root: Path, pending: Journal) -> list[dict[str, Any]]:
    """Return the conflicts that are not resolved, or that have no marks to look for."""
    found = []
    for conflict in pending.about["conflicts"]:
        path = conflict["path"]
        file = None if path in settled(pending) else read_file(root / path)
        if file and (not conflict["marked"] or has_marks(file, journal.original(root, path))):
            found.append(conflict)
    return found


def settled(pending: Journal) -> list[str]:
    """Return the files whose conflicts `scaffold resolve` ended."""
    return list(pending.about.get("settled", []))


def unfinished(root: Path) -> Journal:
    """Return the pending change; raises `UsageError` where there is none."""
    pending = journal.pending(root)
    if pending is None:
        raise UsageError("There is no unfinished change here.", "See scaffold status.")
    return pending


def _advice(root: Path, ended: Journal, state: str) -> Advice:
    """Return what to know and do after a change: nothing if it was undone."""
    if state == transaction.ABORTED:
        return Advice()
    recorded = ended.about.get("advice", {})  # version 0.2 recorded none
    advice = Advice(**{name: recorded[name] for name in ADVICE if name in recorded})
    left = journal.pending(root)
    return with_conflicts(advice, _conflicts(root, left)) if left else advice


def _conflicts(root: Path, pending: Journal) -> list[Conflict]:
    return [
        Conflict(found["path"], found["reason"], found["marked"], found.get("gone", False))
        for found in open_conflicts(root, pending)
    ]
