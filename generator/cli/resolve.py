"""The command `resolve`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.cli.change import recover
from generator.cli.output import print_json, say
from generator.engine import resolve as resolving
from generator.engine.pending import project_root
from generator.engine.resolve import Resolved
from generator.errors import CONFLICTS, UsageError
from generator.merge.three_way import OURS, THEIRS


def resolve(
    paths: Sequence[Path], *, ours: bool, theirs: bool, tool: bool, force: bool, as_json: bool
) -> int:
    """End the conflicts in `paths`; return 3 where one of them still has marks."""
    if ours + theirs + tool != 1:
        raise UsageError("Take one of --ours, --theirs and --tool.", "See scaffold resolve --help.")
    if tool and (as_json or force):
        option = "--json" if as_json else "--force"
        raise UsageError(f"{option} and --tool exclude each other.", "Keep one of them.")
    recover()
    here = Path.cwd()
    root = project_root(here)
    if tool:
        done = resolving.use_tool(root, here, paths)
    else:
        done = resolving.take_side(root, here, paths, OURS if ours else THEIRS, force=force)
    _show(done, as_json=as_json)
    return CONFLICTS if done.files.keys() & set(done.open) else 0


def _show(done: Resolved, *, as_json: bool) -> None:
    if as_json:
        resolved = [path for path in done.files if path not in done.open]
        print_json({"command": done.command, "resolved": resolved, "open": done.open})
        return
    for path, file in done.files.items():
        if path in done.open:
            say(f"  {path} still has conflict markers.", "red")
        else:
            say(f"  {path} {'is resolved' if file else 'is deleted'}.", "green")
    if done.open:
        say(f"Still with conflicts: {', '.join(done.open)}")
    else:
        say("All conflicts are resolved. Finish the change: scaffold update --continue")
