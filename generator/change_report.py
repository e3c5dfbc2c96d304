"""What people and programs are told of a change to a project."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

from generator.advice import Advice
from generator.change import Change
from generator.project import Project
from generator.report import print_json, say

STYLES = {"added": "green", "changed": "", "deleted": "red", "conflict": "bold red"}
HEADINGS = {
    "good_to_know": "Good to know",
    "please_look": "Please look",
    "you_must_do": "You must do",
    "before_you_deploy": "Before you deploy",
}


def change(
    command: str,
    made: Change,
    advice: Advice,
    *,
    dry_run: bool,
    diff: bytes | None,
    as_json: bool,
) -> None:
    """Tell what was done, or would be, and what is left to do."""
    conflicts = {conflict.path for conflict in made.conflicts}
    kinds = {path: "conflict" if path in conflicts else kind for path, kind in made.files.items()}
    kinds |= dict.fromkeys(conflicts, "conflict")
    if as_json:
        print_json(
            {
                "command": command,
                "project": made.project.answers["project_name"],
                "from": made.project.version,
                "to": made.version,
                "state": _state(made, dry_run=dry_run),
                "files": [{"path": path, "change": kinds[path]} for path in sorted(kinds)],
                "conflicts": [asdict(conflict) for conflict in made.conflicts],
                **asdict(advice),
                **({} if diff is None else {"diff": diff.decode(errors="replace")}),
            }
        )
        return
    if diff is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(diff)
        sys.stdout.buffer.flush()
    for path in sorted(kinds):
        say(f"  {kinds[path]:9}{path}", STYLES[kinds[path]])
    say(_summary(made, dry_run=dry_run), "bold")
    for key, heading in HEADINGS.items():
        _list(heading, getattr(advice, key))


def _state(made: Change, *, dry_run: bool) -> str:
    if not made.files:
        return "unchanged"
    if dry_run:
        return "planned"
    return "conflicts" if made.conflicts else "done"


def _summary(made: Change, *, dry_run: bool) -> str:
    name, count = made.project.answers["project_name"], len(made.files)
    if not count:
        return f"{name} is as it should be, at {made.version}; nothing changed."
    files = "1 file" if count == 1 else f"{count} files"
    versions = f"from {made.project.version} to {made.version}"
    way = versions if made.version != made.project.version else f"at {made.version}"
    if dry_run:
        return f"{name} {way}: {files} would change. Nothing was written."
    left = f", {len(made.conflicts)} with conflicts" if made.conflicts else ""
    return f"{name} {way}: {files} changed{left}."


def _list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"\n{heading}:", "bold")
        for line in lines:
            say(f"  - {line}")


def check(project: Project, newest: str, *, as_json: bool) -> None:
    """Tell whether there is a newer version."""
    if as_json:
        print_json({"version": project.version, "newest": newest})
    elif newest == project.version:
        say(f"{project.version} is the newest version.")
    else:
        say(f"{project.version} can be updated to {newest}: scaffold update")


def recovered() -> None:
    """Tell that a change was brought to its end first."""
    say("A change that was interrupted has been brought to its end.", "yellow", error=True)


def unresolved(command: str, paths: Sequence[str], *, as_json: bool) -> None:
    """Tell which files still have conflict marks."""
    if as_json:
        print_json({"command": command, "state": "conflicts", "unresolved": list(paths)})
        return
    for path in paths:
        say(f"  {path} still has conflict marks.", "red")
    say("Edit them, then: scaffold update --continue, or take all back: scaffold update --abort")


def ended(command: str, how: str, *, as_json: bool) -> None:
    """Tell that a change with conflicts is finished or aborted."""
    if as_json:
        print_json({"command": command, "state": how})
    elif how == "aborted":
        say(f"The {command} is taken back; every file is as it was before.")
    else:
        say(f"The {command} is finished. Run the tests, and commit.")
