"""The project we are in, and the change that waits there for its end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.cli import change_output as change_report
from generator.cli.change_output import Recovered
from generator.engine.advice import Advice
from generator.errors import CONFLICTS, ConflictsError, UsageError
from generator.merge.three_way import has_marks
from generator.project.project import ANSWERS_FILE, Project, find_project
from generator.transaction import apply as applying
from generator.transaction import journal
from generator.transaction.journal import Journal
from generator.tree import read_file


def look_at_project() -> Project:
    """Return the project we are in; a change that was cut short is told of, and left as it is."""
    root = _root()
    waiting = journal.pending(root)
    if waiting and waiting.was_cut_short:
        change_report.cut_short(waiting.about["command"])
    return find_project(root)


def open_project(given: Mapping[str, Any]) -> tuple[Project, Recovered | None]:
    """Return the project we are in, and what was cut short there and is at its end now."""
    root = _root()
    waiting = journal.pending(root)
    how = None if given["dry_run"] else applying.recover(root)
    if not (waiting and how):
        return find_project(root), None
    recovered = Recovered(waiting.about["command"], how, _advice(root, waiting, how))
    change_report.recovered(recovered)
    return find_project(root), recovered


def check_none(root: Path) -> None:
    """Refuse to begin another change before the one that waits has ended."""
    waiting = journal.pending(root)
    if waiting is None:
        return
    cure = "Finish it: scaffold update --continue, or take it back: scaffold update --abort"
    command = waiting.about["command"]
    if waiting.was_cut_short:
        raise ConflictsError(f"A scaffold {command} was cut short.", cure)
    paths = ", ".join(conflict["path"] for conflict in open_conflicts(root, waiting))
    where = f" in {paths}" if paths else ", all resolved"
    raise ConflictsError(f"A scaffold {command} has conflicts{where}.", cure)


def end(given: Mapping[str, Any]) -> int:
    """End the change that waits: --continue, or --abort it."""
    _check_alone(given)
    root, as_json = _root(), given["as_json"]
    waiting = journal.pending(root)
    if waiting is None:
        raise UsageError("Nothing is waiting for its end here.", "See scaffold status.")
    command = waiting.about["command"]
    if given["abort"]:
        lost = applying.undo(root, force=given["force"])
        change_report.ended(command, applying.ABORTED, Advice(), lost=lost, as_json=as_json)
        return 0
    how = applying.recover(root) or applying.FINISHED
    if journal.pending(root) is None:
        change_report.ended(command, how, _advice(root, waiting, how), as_json=as_json)
        return 0
    still = open_conflicts(root, waiting)
    left = [conflict["path"] for conflict in still if conflict["marked"]]
    if left:
        change_report.unresolved(command, left, as_json=as_json)
        return CONFLICTS
    applying.close(root)
    notes = [f"{conflict['path']}: {conflict['reason']}." for conflict in still]
    notes += [
        f"{conflict['path']} had a conflict, and is not there any more."
        for conflict in waiting.about["conflicts"]
        if conflict["marked"] and read_file(root / conflict["path"]) is None
    ]
    advice = _advice(root, waiting, applying.FINISHED)
    change_report.ended(command, applying.FINISHED, advice, left=notes, as_json=as_json)
    return 0


def open_conflicts(root: Path, waiting: Journal) -> list[dict[str, Any]]:
    """Return the conflicts of a change whose files have marks, or have none to look for."""
    found = []
    for conflict in waiting.about["conflicts"]:
        path = conflict["path"]
        file = read_file(root / path)
        if file and (not conflict["marked"] or has_marks(file, journal.original(root, path))):
            found.append(conflict)
    return found


def _advice(root: Path, ended: Journal, how: str) -> Advice:
    """Return what follows from a change that has ended: nothing where it was taken back."""
    if how == applying.ABORTED or journal.pending(root):
        return Advice()
    return Advice(**ended.about.get("advice", {}))  # scaffold 0.2 kept none


def _root() -> Path:
    """Return the folder of the project, which a change that was killed may have left unreadable."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / journal.FOLDER).is_dir() or (folder / ANSWERS_FILE).is_file():
            return folder
    return find_project(here).root  # which says that there is none


def _check_alone(given: Mapping[str, Any]) -> None:
    """Refuse what has no meaning beside --continue or --abort."""
    end = "abort" if given["abort"] else "continue"
    allowed = {end, "as_json", *(["force"] if given["abort"] else [])}
    for name, value in given.items():
        if value and name not in allowed:
            option = "--" + name.replace("_", "-")
            raise UsageError(f"{option} and --{end} exclude each other.", "Keep one of them.")
