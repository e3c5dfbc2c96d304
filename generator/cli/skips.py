"""The commands `skip` and `unskip`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.cli.change import recover
from generator.cli.output import print_json, say
from generator.engine import operations, skips
from generator.engine.skips import Skipping
from generator.project.skips import record_of
from generator.text import counted


def skip(words: Sequence[str], *, as_json: bool) -> None:
    """Have changes leave alone what `words` name."""
    recover()
    project = operations.open_project(Path.cwd())
    done = skips.skip(project, Path.cwd(), words)
    if not as_json and not done.patterns:
        say("Skipped already.")
        return
    meaning = f"Updates leave them alone. {record_of(project)} records it; commit it."
    _show(done, meaning, as_json=as_json)


def unskip(words: Sequence[str], *, as_json: bool) -> None:
    """Have changes reach again what `words` name."""
    recover()
    done = skips.unskip(operations.open_project(Path.cwd()), Path.cwd(), words)
    later = "Updates reach them again; what they missed shows as edits: scaffold diff"
    _show(done, later, as_json=as_json)


def _show(done: Skipping, meaning: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"patterns": done.patterns, "files": done.files})
        return
    for path in done.files:
        say(f"  {path}")
    say(f"{', '.join(done.patterns)}: {counted(len(done.files), 'file')}. {meaning}")
