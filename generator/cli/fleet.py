"""What `fleet status` and `fleet update` do, between the command line and the engine."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.cli.output import print_json, say
from generator.engine.fleet import (
    CHECK_FAILED,
    FAILED,
    NO_OPTIONS,
    FleetOptions,
    Result,
    projects_in,
    run_all,
)
from generator.errors import CONFLICTS, UsageError
from generator.text import counted
from generator.versions import store

STYLES = {
    FAILED: "red",
    CHECK_FAILED: "red",
    "conflicts": "red",
    "cut-short": "red",
    "behind": "yellow",
}


def run(
    folders: Sequence[Path],
    arguments: Sequence[str],
    *,
    file: Path | None,
    workers: int | None,
    as_json: bool,
    options: FleetOptions = NO_OPTIONS,
) -> int:
    """Run `scaffold` with `arguments` in all projects; return the exit code of the worst."""
    listed = [Path(line).expanduser() for line in _lines(file)] if file else []
    if not folders and not listed:
        raise UsageError("No project is named.", "Write scaffold fleet status DIR...")
    projects, without = projects_in([*folders, *listed])
    store.versions()  # once, so that the processes need not wait for each other to write it
    count = workers or os.cpu_count() or 1
    made = _track(run_all(projects, arguments, workers=count, options=options), len(projects))
    results = [*sorted(made, key=lambda result: projects.index(result.path)), *without]
    counts = Counter(result.state for result in results)
    if as_json:
        entries = [
            {"path": str(result.path), "state": result.state, **result.answer} for result in results
        ]
        print_json({"projects": entries, "counts": counts})
    else:
        _table(results)
        say(", ".join(f"{number} {state}" for state, number in counts.items()), "bold")
    if counts[FAILED] or counts[CHECK_FAILED]:
        return 1
    return CONFLICTS if counts["conflicts"] or counts["cut-short"] else 0


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check --from.") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _track(results: Iterator[Result], total: int) -> list[Result]:
    """Return all results; meanwhile a bar on a terminal's stderr shows how far they are."""
    if not sys.stderr.isatty():
        return list(results)
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return list(track(results, "Projects", total=total, console=console, transient=True))


def _table(results: Sequence[Result]) -> None:
    lines = [line_of(result) for result in results]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for line, result in zip(lines, results, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        say("  ".join([*cells, line[3]]).rstrip(), STYLES.get(result.state, ""))


def line_of(result: Result) -> tuple[str, str, str, str]:
    """Return a line of the table: project, version, state and a note."""
    answer = result.answer
    if "error" in answer:
        error = answer["error"]
        return result.path.name, "", result.state, f"{error['message']} {error['hint']}".strip()
    if "from" in answer:
        version = f"{answer['from']} -> {answer['to']}"
        conflicts = ", ".join(conflict["path"] for conflict in answer["conflicts"])
        note = answer.get("check") or conflicts or counted(len(answer["files"]), "file")
        return result.path.name, version, result.state, note
    drift = f"{len(answer['edited'])} edited, {len(answer['deleted'])} deleted"
    note = {
        "behind": f"{answer['newest']} is available; ",
        "cut-short": "finish it: scaffold update --continue; ",
    }.get(result.state, "")
    return result.path.name, answer["version"], result.state, note + drift
