"""What `status`, `diff` and `doctor` show, between the command line and the engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.cli.output import print_json, say
from generator.engine import drift
from generator.engine.doctor import examine
from generator.engine.drift import Drift
from generator.engine.pending import look_at_project, open_conflicts
from generator.errors import UsageError
from generator.transaction import journal
from generator.versions import store
from generator.versions.bundle import version_key

SCREEN = 12  # files of a kind that are listed before the rest is counted


def status(*, as_json: bool) -> None:
    """Show the project's version, whether there is a newer one, and how far it has drifted."""
    project = look_at_project()
    newest = store.newest(project.version, store.versions())
    is_behind = version_key(newest) > version_key(project.version)
    found = drift.measure(project)
    waiting = journal.pending(project.root)
    if as_json:
        print_json(
            {
                "project": project.answers["project_name"],
                "path": str(project.root),
                "version": project.version,
                "newest": newest if is_behind else project.version,
                "answers": dict(project.answers),
                "pristine": found.pristine,
                "edited": found.edited,
                "deleted": found.deleted,
                "own": found.own,
                "waiting": {**waiting.about, "cut_short": waiting.was_cut_short}
                if waiting
                else None,
            }
        )
        return
    note = f"{newest} is there: scaffold update" if is_behind else "the newest version"
    say(f"{project.answers['project_name']} at {project.version}, {note}", "bold")
    if waiting and not waiting.was_cut_short:
        say(
            f"A scaffold {waiting.about['command']} has conflicts: scaffold update --continue",
            "red",
        )
        for conflict in open_conflicts(project.root, waiting):
            say(f"        {conflict['path']}: {conflict['reason']}", "red")
    _files(found)


def _files(found: Drift) -> None:
    say(f"{found.pristine:5} files as the template made them")
    edits = []
    for path in found.edited:
        more, fewer = found.lines(path)
        edits.append(f"{path} (+{more} -{fewer})")
    for kind, files in (("edited", edits), ("deleted", found.deleted), ("your own", found.own)):
        say(f"{len(files):5} {kind}")
        for line in files[:SCREEN]:
            say(f"        {line}")
        if files[SCREEN:]:
            say(f"        and {len(files) - SCREEN} more")


def diff(paths: Sequence[Path]) -> None:
    """Show the owner's edits, those in `paths` only where any are named."""
    project = look_at_project()
    names = [_name(path, project.root) for path in paths]

    def is_named(path: str) -> bool:
        return any(Path(path).is_relative_to(name) for name in names)

    found = drift.measure(project)
    for name in names:
        if not any(Path(path).is_relative_to(name) for path in {*found.base, *found.own}):
            raise UsageError(
                f"{name} is no file of the project or its template.", "See git ls-files."
            )
    sys.stdout.buffer.write(found.diff(is_named if names else None))
    sys.stdout.buffer.flush()


def doctor(*, as_json: bool) -> int:
    """Show what stands in the project's way, each with its cure; return whether anything does."""
    findings = list(examine(look_at_project()))
    sick = [finding for finding in findings if finding.cure]
    if as_json:
        print_json({"healthy": not sick, "findings": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            mark, style = ("!", "yellow") if finding.cure else ("ok", "green")
            say(f"  {mark:3}{finding.what} {finding.cure}".rstrip(), style)
    return 1 if sick else 0


def _name(path: Path, root: Path) -> str:
    try:
        # A link is meant itself, not what it points to.
        return Path(os.path.abspath(path)).relative_to(root).as_posix()  # noqa: PTH100
    except ValueError as error:
        raise UsageError(f"{path} is not in the project {root}.", "Name a file in it.") from error
