"""What people and programs are told: text for a person, one JSON object for a program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cli import uv
from generator.cli.listing import size, tree
from generator.engine import address
from generator.errors import ScaffoldError

if TYPE_CHECKING:
    from generator.engine.create import NewProject
    from generator.questions.facts import Facts


def say(text: str, style: str = "", *, error: bool = False) -> None:
    """Print a line, in colour where a terminal wants it; `style` is one of rich's."""
    stream = sys.stderr if error else sys.stdout
    if style and stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console
        from rich.text import Text

        Console(file=stream, highlight=False, soft_wrap=True).print(Text(text, style=style))
    else:
        print(text, file=stream, flush=True)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; its escapes keep it readable in any locale."""
    print(json.dumps(value, indent=2), flush=True)


def print_bytes(value: bytes) -> None:
    """Print what may not be text in this locale, such as a difference of files."""
    sys.stdout.flush()
    sys.stdout.buffer.write(value)
    sys.stdout.buffer.flush()


def failure(error: ScaffoldError, *, as_json: bool) -> None:
    """Tell what went wrong and how to cure it."""
    message, hint = uv.for_here(error.message), uv.for_here(error.hint)
    if as_json:
        print_json({"error": {"message": message, "hint": hint, "code": error.code}})
    else:
        line = " ".join(f"Error: {message} {hint}".split())
        say(line, "red", error=True)


def project(
    made: NewProject,
    facts: Facts,
    notes: Sequence[str],
    *,
    config: Path | None,
    as_json: bool,
    dry_run: bool = False,
    installed: bool = False,
    started: bool = False,
) -> None:
    """Tell what was made, or would be, and which steps are left.

    `config` is the file with the user's settings, if there are any.
    """
    notes = [*notes, *map(uv.for_here, made.notes)]
    # uv installs what a command needs; other tools are asked to.
    install = facts.commands.install if facts.packages and not installed else ""
    begin = [f"cd {made.path.name}", *filter(None, [install, uv.dev_command(facts)])]
    urls = address.urls(facts, made.path)
    request = [uv.for_here(line) for line in address.first_request(facts, made.path, made.answers)]
    steps = [] if started else begin
    if as_json:
        print_json(
            {
                "project": made.answers["project_name"],
                "path": str(made.path),
                "version": made.version,
                "dry_run": dry_run,
                "config": str(config) if config else None,
                "answers": dict(made.answers),
                "files": made.files,
                "committed": made.committed,
                "installed": installed,
                "notes": notes,
                "next": steps,
                "urls": urls,
                "first_request": request,
                "milliseconds": made.milliseconds,
                "lock_milliseconds": made.lock_milliseconds,
            }
        )
    elif dry_run:
        _preview(made, notes)
    else:
        _made(made, notes, steps)
        if not steps:
            say(f"\nStarting the server; press Ctrl-C to stop it. Next time: {' && '.join(begin)}")
        for name, url in urls.items():
            say(f"  {name:<6}{url}")
        if request:
            say(f"\nA first request, from another terminal in {made.path.name}:")
        for line in request:
            say(f"  {line}", "cyan")


def _preview(made: NewProject, notes: Sequence[str]) -> None:
    for line in tree(made.sizes):
        say(f"  {line}")
    total = size(sum(made.sizes.values()))
    say(f"{made.path.name} would have these {len(made.files)} files, {total}. Nothing was written.")
    for note in notes:
        say(f"Note: {note}", "yellow")


def _made(made: NewProject, notes: Sequence[str], steps: Sequence[str]) -> None:
    commit = " and the first commit" if made.committed else ""
    count = f"{len(made.files)} files{commit} in {made.milliseconds / 1000:.1f} s"
    if made.lock_milliseconds is not None:
        count += f", and its dependencies locked in {made.lock_milliseconds / 1000:.1f} s"
    say(f"Created {made.path.name}: {count}.", "bold green")
    for note in notes:
        say(f"Note: {note}", "yellow")
    if steps:
        say("\nNext:")
        for step in steps:
            say(f"  {step}", "cyan")
        say("\nThen:")
