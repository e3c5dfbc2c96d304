"""Reports of changes to a project, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from generator.cli import uv
from generator.cli.output import print_bytes, print_json, say
from generator.engine import change as changing
from generator.engine.advice import Advice, with_conflicts
from generator.engine.change import ChangeResult
from generator.engine.pending import Ended
from generator.project.record import Project
from generator.text import counted

STYLES = {"added": "green", "changed": "", "deleted": "red", "conflict": "bold red"}
WAYS = {"finished": "finished", "aborted": "undone"}
HEADINGS = {
    "you_must_do": "Action required",
    "please_look": "Review",
    "before_you_deploy": "Before deploying",
    "good_to_know": "Good to know",
}


def change(
    result: ChangeResult,
    *,
    recovered: Ended | None,
    with_diff: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Tell what was done, or would be, and what is left to do."""
    kinds = kinds_of(result)
    diff = result.change.diff() if with_diff and result.change else None
    advice = with_conflicts(result.advice, result.conflicts)
    if as_json:
        told = _described(result, recovered)
        told["files"] = [{"path": path, "change": kinds[path]} for path in sorted(kinds)]
        told["conflicts"] = [asdict(conflict) for conflict in result.conflicts]
        told |= _told(advice)
        told["migrations"] = sorted(result.migrations)
        if diff is not None:
            told["diff"] = diff.decode(errors="replace")
        print_json(told)
        return
    if diff is not None:
        print_bytes(diff)
    for path in sorted(kinds):
        say(f"  {kinds[path]:9}{path}", STYLES[kinds[path]])
    say(summary(result), "bold")
    for path, text in sorted(result.migrations.items()):
        say(f"\n{path}:", "bold")
        say("".join(f"  {line}\n" if line.strip() else "\n" for line in text.splitlines()).rstrip())
    _all_of(advice, verbose=verbose)


def _told(advice: Advice) -> dict[str, list[str]]:
    return {name: [uv.for_here(line) for line in lines] for name, lines in vars(advice).items()}


def kinds_of(result: ChangeResult) -> dict[str, str]:
    """Return what happens to each file, by its path."""
    conflicts = dict.fromkeys((conflict.path for conflict in result.conflicts), "conflict")
    return result.files | conflicts


def _described(result: ChangeResult, recovered: Ended | None) -> dict[str, Any]:
    before = recovered and {
        "command": recovered.command,
        "state": recovered.state,
        **_told(recovered.advice),
    }
    return {
        "command": result.command,
        "project": result.project.name,
        "from": result.project.version,
        "to": result.version,
        "state": result.state,
        "files": [],
        "conflicts": [],
        **asdict(Advice()),
        "recovered": before,
    }


def summary(result: ChangeResult) -> str:
    """Return in a sentence what became of the change."""
    name, old = result.project.name, result.project.version
    if result.change is None or result.state == changing.UNCHANGED:
        return f"{name} is already up to date ({old})."
    files = counted(len(result.files), "file")
    way = f"from {old} to {result.version}" if result.version != old else f"at {old}"
    if result.state == changing.PLANNED:
        return f"{name} {way}: {files} would change. Nothing was written."
    left = f", {len(result.conflicts)} with conflicts" if result.conflicts else ""
    return f"{name} {way}: {files} changed{left}."


def _all_of(advice: Advice, *, verbose: bool = False, error: bool = False) -> None:
    for key, heading in HEADINGS.items():
        lines = getattr(advice, key)
        if key == "please_look":
            lines = [*lines, *_merged(advice.merged, verbose=verbose)]
        if lines:
            say(f"\n{heading}:", "bold", error=error)
        for line in lines:
            say(f"  - {uv.for_here(line)}", error=error)


def _merged(paths: Sequence[str], *, verbose: bool) -> list[str]:
    """Return what to say of files that merely came together: how many, or which."""
    if verbose:
        return [f"{path}: your edits were merged with the template's." for path in paths]
    if not paths:
        return []
    return [f"{counted(len(paths), 'file')}: your edits were merged with the template's; see -v."]


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


def recovered(ended: Ended) -> None:
    """Report that an interrupted change was completed first, and what to do about it."""
    say(f"A change that was interrupted is {WAYS[ended.state]} now.", "yellow", error=True)
    _all_of(ended.advice, error=True)


def unresolved(ended: Ended, *, verbose: bool, as_json: bool) -> None:
    """Tell which files still have conflict marks."""
    if as_json:
        told = {"command": ended.command, "state": ended.state, "unresolved": ended.unresolved}
        print_json(told)
        return
    if verbose or not ended.was_told:
        _all_of(ended.advice, verbose=verbose)
    for path in ended.unresolved:
        say(f"  {path} still has conflict markers.", "red")
    say("Edit them, then: scaffold update --continue, or undo the change: scaffold update --abort")


def ended(ended: Ended, *, verbose: bool, as_json: bool) -> None:
    """Tell that a change is finished or aborted, and what follows if that was not told before."""
    if as_json:
        told = {"command": ended.command, "state": ended.state}
        print_json({**told, "lost": ended.lost, "left": ended.left, **_told(ended.advice)})
        return
    for path in ended.lost:
        say(f"  {path} is as it was before; later edits are gone.", "red")
    for line in ended.left:
        say(f"  {line}", "yellow")
    if ended.state == "aborted":
        say(f"The {ended.command} was undone; every file is as it was before.")
    else:
        say(f"The {ended.command} is finished. Run the tests, and commit.")
    if verbose or not ended.was_told:
        _all_of(ended.advice, verbose=verbose)
