"""What people and programs are told of a change to a project."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from generator.cli.output import print_json, say
from generator.engine.advice import Advice
from generator.engine.plan import Change
from generator.project.project import Project

STYLES = {"added": "green", "changed": "", "deleted": "red", "conflict": "bold red"}
WAYS = {"finished": "finished", "aborted": "taken back"}
HEADINGS = {
    "good_to_know": "Good to know",
    "please_look": "Please look",
    "you_must_do": "You must do",
    "before_you_deploy": "Before you deploy",
}


@dataclass(frozen=True)
class Recovered:
    """A change that was cut short, and how the next command brought it to its end."""

    command: str
    state: str
    advice: Advice


def change(
    command: str,
    made: Change,
    advice: Advice,
    *,
    recovered: Recovered | None,
    dry_run: bool,
    diff: bytes | None,
    as_json: bool,
) -> None:
    """Tell what was done, or would be, and what is left to do."""
    conflicts = {conflict.path for conflict in made.conflicts}
    kinds = {path: "conflict" if path in conflicts else kind for path, kind in made.files.items()}
    kinds |= dict.fromkeys(conflicts, "conflict")
    if as_json:
        described = _described(command, made.project, made.version, recovered)
        described["state"] = _state(made, dry_run=dry_run)
        described["files"] = [{"path": path, "change": kinds[path]} for path in sorted(kinds)]
        described["conflicts"] = [asdict(conflict) for conflict in made.conflicts]
        described |= asdict(advice)
        if diff is not None:
            described["diff"] = diff.decode(errors="replace")
        print_json(described)
        return
    if diff is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(diff)
        sys.stdout.buffer.flush()
    for path in sorted(kinds):
        say(f"  {kinds[path]:9}{path}", STYLES[kinds[path]])
    say(_summary(made, dry_run=dry_run), "bold")
    _all_of(advice)


def unchanged(
    command: str, project: Project, *, recovered: Recovered | None, as_json: bool
) -> None:
    """Tell that there is nothing to do."""
    if as_json:
        print_json(_described(command, project, project.version, recovered))
    else:
        say(_nothing(project), "bold")


def _described(
    command: str, project: Project, version: str, recovered: Recovered | None
) -> dict[str, Any]:
    """Return what a program is told of a change; of one that changes nothing, to begin with."""
    before = recovered and {
        "command": recovered.command,
        "state": recovered.state,
        **asdict(recovered.advice),
    }
    return {
        "command": command,
        "project": project.answers.get("project_name"),
        "from": project.version,
        "to": version,
        "state": "unchanged",
        "files": [],
        "conflicts": [],
        **asdict(Advice()),
        "recovered": before,
    }


def _nothing(project: Project) -> str:
    return f"{project.answers['project_name']} is as it should be, at {project.version}."


def _state(made: Change, *, dry_run: bool) -> str:
    if not made.files:
        return "unchanged"
    if dry_run:
        return "planned"
    return "conflicts" if made.conflicts else "done"


def _summary(made: Change, *, dry_run: bool) -> str:
    name, count = made.project.answers["project_name"], len(made.files)
    if not count:
        return _nothing(made.project)
    files = "1 file" if count == 1 else f"{count} files"
    versions = f"from {made.project.version} to {made.version}"
    way = versions if made.version != made.project.version else f"at {made.version}"
    if dry_run:
        return f"{name} {way}: {files} would change. Nothing was written."
    left = f", {len(made.conflicts)} with conflicts" if made.conflicts else ""
    return f"{name} {way}: {files} changed{left}."


def _all_of(advice: Advice, *, error: bool = False) -> None:
    for key, heading in HEADINGS.items():
        lines = getattr(advice, key)
        if lines:
            say(f"\n{heading}:", "bold", error=error)
        for line in lines:
            say(f"  - {line}", error=error)


def check(project: Project, newest: str, *, as_json: bool) -> None:
    """Tell whether there is a newer version."""
    if as_json:
        print_json({"version": project.version, "newest": newest})
    elif newest == project.version:
        say(f"{project.version} is the newest version.")
    else:
        say(f"{project.version} can be updated to {newest}: scaffold update")


def declined() -> None:
    """Tell that the answer to the question was no."""
    say("Nothing was changed.")


def recovered(change: Recovered) -> None:
    """Tell that a change was brought to its end first, and what follows from it."""
    say(f"A change that was cut short is {WAYS[change.state]} now.", "yellow", error=True)
    _all_of(change.advice, error=True)


def cut_short(command: str) -> None:
    """Tell that a change stands half made, and that nothing is done about it now."""
    line = (
        f"The {command} was cut short: scaffold update --continue ends it, --abort takes it back."
    )
    say(line, "yellow", error=True)


def unresolved(command: str, paths: Sequence[str], *, as_json: bool) -> None:
    """Tell which files still have conflict marks."""
    if as_json:
        print_json({"command": command, "state": "conflicts", "unresolved": list(paths)})
        return
    for path in paths:
        say(f"  {path} still has conflict marks.", "red")
    say("Edit them, then: scaffold update --continue, or take all back: scaffold update --abort")


def ended(
    command: str,
    how: str,
    advice: Advice,
    *,
    lost: Sequence[str] = (),
    left: Sequence[str] = (),
    as_json: bool,
) -> None:
    """Tell that a change is finished or aborted, and what follows from it.

    The edits of files in `lost` went with it; `left` says of conflicts without marks what stays.
    """
    if as_json:
        told = {"command": command, "state": how, "lost": list(lost), "left": list(left)}
        print_json(told | asdict(advice))
        return
    for path in lost:
        say(f"  {path} is as it was before; later edits are gone.", "red")
    for line in left:
        say(f"  {line}", "yellow")
    if how == "aborted":
        say(f"The {command} is taken back; every file is as it was before.")
    else:
        say(f"The {command} is finished. Run the tests, and commit.")
    _all_of(advice)
