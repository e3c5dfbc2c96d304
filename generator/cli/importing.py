"""The command `import`: from its arguments to an exit code."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from generator.cli.change import Arguments, begin, end
from generator.cli.output import print_json, say
from generator.engine import importing
from generator.engine.change import ChangeResult, with_migration
from generator.errors import UsageError
from generator.sources.tables import Reading


def add(reading: Reading, arguments: Arguments, *, migrate: bool, existing: str = "") -> int:
    """Add what was read to the project in the current folder.

    Its rows stay in the database at the URL `existing`, if that is given.
    """
    _check(reading)
    recovered = begin(arguments)
    found = importing.for_project(Path.cwd(), reading, existing=bool(existing))
    result = importing.add(Path.cwd(), found, arguments.options)

    def finish(made: ChangeResult) -> ChangeResult:
        if existing:
            made = importing.shared(made, existing)
        elif migrate:
            made = with_migration(made, importing.message(found))
        return importing.remarked(made, found)

    return end(result, recovered, arguments, finish)


def show(reading: Reading, *, as_json: bool, existing: bool = False) -> int:
    """Print the options that give a new project what was read."""
    _check(reading)
    found = importing.for_any(reading, existing=existing)
    options = [resource.option() for resource in found.resources]
    if as_json:
        print_json({"resources": options, "remarks": [asdict(one) for one in found.remarks]})
        return 0
    for number, option in enumerate(options, 1):
        print(f'--resource "{option}"' + (" \\" if number < len(options) else ""))
    for remark in found.remarks:
        say(f"Note: {remark}", "yellow", error=True)
    return 0


def _check(reading: Reading) -> None:
    if not reading.tables:
        told = "; ".join(str(remark) for remark in reading.remarks)
        raise UsageError(f"There is nothing to import. {told}".rstrip(), "Name another source.")
