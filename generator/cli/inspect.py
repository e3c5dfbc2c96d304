"""The commands `status`, `diff` and `doctor`, which write nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.cli import external, uv
from generator.cli.interrupted import warn_of_interrupted_change
from generator.cli.output import print_bytes, print_json, say
from generator.engine import inspection, operations
from generator.engine.doctor import examine
from generator.engine.doctor_settings import NOT_YET, OK, PROBLEM
from generator.engine.drift import Drift
from generator.engine.inspection import Status
from generator.engine.options import ChangeOptions
from generator.errors import CONFLICTS, DRIFTED

MARKS = {OK: ("ok", "green"), NOT_YET: ("-", "cyan"), PROBLEM: ("!", "yellow")}
SCREEN = 12  # files of a kind that are listed before the rest is counted


def options(answers_file: str, *, trust: bool, no_hooks: bool) -> ChangeOptions:
    """Return the engine's options for looking at a project of somebody else's template."""
    return ChangeOptions(trust=trust, hooks=not no_hooks, record=answers_file)


def status(options: ChangeOptions, *, check: bool, as_json: bool) -> int:
    """Show the project's version, whether there is a newer one, and how far it has drifted.

    With `check`, return 3 where a change waits for its end, else 5 where there is drift.
    """
    warn_of_interrupted_change()
    found = external.trusted(lambda o: inspection.status(Path.cwd(), o), options, quiet=as_json)
    if as_json:
        print_json(_described(found))
    else:
        _overview(found)
    if not check:
        return 0
    if found.pending:
        return CONFLICTS
    return DRIFTED if found.drift.exists else 0


def _overview(found: Status) -> None:
    name, version = found.project.name, found.project.version
    note = (
        f"{found.newest} is available: scaffold update" if found.is_behind else "the newest version"
    )
    say(f"{name} at {version}, {note}", "bold")
    if found.project.external:
        say(f"Its template is {found.project.external.source}.")
    if found.note:
        say(f"Note: The template could not be fetched: {found.note}", "yellow")
    if found.pending and not found.pending.was_cut_short:
        command = found.pending.about["command"]
        state = "has conflicts" if found.open_conflicts else "has no conflicts left"
        say(f"A scaffold {command} {state}: scaffold update --continue", "red")
        for conflict in found.open_conflicts:
            say(f"        {conflict['path']}: {conflict['reason']}", "red")
    show_drift(found.drift)


def _described(found: Status) -> dict[str, object]:
    change = found.pending
    conflicts = dict.fromkeys((conflict["path"] for conflict in found.open_conflicts), "conflict")
    return {
        "project": found.project.name,
        "path": str(found.project.root),
        "version": found.project.version,
        "newest": found.newest,
        "template": found.project.external.source if found.project.external else None,
        "answers": dict(found.project.answers),
        **described_drift(found.drift),
        "files": [
            {"path": path, "state": state, "moved_from": found.drift.moved.get(path)}
            for path, state in sorted((found.drift.states | conflicts).items())
        ],
        "waiting": {**change.about, "cut_short": change.was_cut_short} if change else None,
    }


def described_drift(found: Drift) -> dict[str, object]:
    """Return the files of each kind as JSON has them."""
    return {
        "pristine": found.pristine,
        "edited": found.edited,
        "deleted": found.deleted,
        "moved": dict(found.moved),
        "skipped": found.skipped,
        "own": found.own,
    }


def show_drift(found: Drift) -> None:
    """Show how many files of each kind there are, and the first ones that are not pristine."""
    say(f"{found.pristine:5} files unchanged since the template made them")
    edits = []
    for path in found.edited:
        more, fewer = found.lines(path)
        edits.append(f"{path} (+{more} -{fewer})")
    moves = [f"{new} (was {old})" for new, old in sorted(found.moved.items())]
    kinds = {
        "edited": edits,
        "deleted": found.deleted,
        "moved": moves,
        "skipped": found.skipped,
        "your own": found.own,
    }
    for kind, files in kinds.items():
        say(f"{len(files):5} {kind}")
        for line in files[:SCREEN]:
            say(f"        {line}")
        if files[SCREEN:]:
            say(f"        and {len(files) - SCREEN} more")


def diff(paths: Sequence[Path], options: ChangeOptions, *, check: bool) -> int:
    """Show the owner's edits, those in `paths` only where any are named.

    With `check`, return 5 where there are any.
    """
    warn_of_interrupted_change()
    shown = external.trusted(lambda o: inspection.diff(Path.cwd(), paths, o), options)
    print_bytes(shown)
    return DRIFTED if check and shown else 0


def doctor(*, as_json: bool) -> int:
    """Show what keeps the project from running here, with cures; return 1 if anything does."""
    warn_of_interrupted_change()
    findings = list(examine(operations.open_project(Path.cwd())))
    healthy = all(finding.state != PROBLEM for finding in findings)
    if as_json:
        told = [{"what": f.what, "cure": uv.for_here(f.cure), "state": f.state} for f in findings]
        print_json({"healthy": healthy, "findings": told})
    else:
        for finding in findings:
            mark, style = MARKS[finding.state]
            say(f"  {mark:3}{finding.what} {uv.for_here(finding.cure)}".rstrip(), style)
    return 0 if healthy else 1
