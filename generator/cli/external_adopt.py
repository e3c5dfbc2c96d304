"""`adopt --template`: from its arguments to an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from generator.cli import change_output
from generator.cli.adopt import progress
from generator.cli.external import can_ask, file_answers, trusted
from generator.cli.inspect import described_drift, show_drift
from generator.cli.output import print_json, say
from generator.engine import external_adopt as adopting
from generator.engine.external_adopt import ExternalAdoption
from generator.engine.options import ChangeOptions
from generator.errors import DECLINED, ScaffoldError, UsageError
from generator.questions.given import assignments
from generator.text import counted, shown
from generator.versions.address import parse


@dataclass(frozen=True)
class Arguments:
    """The arguments of `scaffold adopt --template`; `pairs` are KEY=VALUE."""

    template: str
    directory: str
    file: Path | None
    trust: bool
    no_hooks: bool
    pairs: Sequence[str]
    resources: Sequence[str]
    again: bool
    dry_run: bool
    yes: bool
    as_json: bool


def adopt(arguments: Arguments) -> int:
    """Find the version that the project was made from, and write its record."""
    if arguments.resources:
        what = "--resource is for scaffold's own template."
        raise UsageError(what, "Answer the template's questions with --set KEY=VALUE.")
    root, address = Path.cwd(), parse(arguments.template, Path.cwd())
    given = {**file_answers(arguments.file), **assignments(arguments.pairs)}
    options = ChangeOptions(trust=arguments.trust, hooks=not arguments.no_hooks)

    def find(options: ChangeOptions) -> ExternalAdoption:
        with progress(quiet=arguments.as_json) as tell:
            return adopting.find(
                root,
                address,
                arguments.directory,
                given,
                options,
                again=arguments.again,
                tell=tell,
            )

    found = trusted(find, options, quiet=arguments.as_json)
    may_ask = can_ask(quiet=arguments.as_json)
    if not (arguments.dry_run or arguments.yes or may_ask):
        lines = counted(found.lines, "line")
        what = f"{found.project.record} would name {found.version}; the project differs in {lines}."
        raise ScaffoldError(what, "Look at it with --dry-run, then add --yes.")
    if not arguments.as_json:
        _show(found)
    if not arguments.dry_run:
        if not arguments.yes and not click.confirm(f"Write these to {found.project.record}?"):
            change_output.declined()
            return DECLINED
        found = adopting.write(found)
    _end(found, as_json=arguments.as_json)
    return 0


def _show(found: ExternalAdoption) -> None:
    say(f"The closest match is {found.version} of the template with these answers:", "bold")
    width = max((len(name) for name in found.project.answers), default=0)
    for name, value in found.project.answers.items():
        say(f"  {name:{width}}  {shown(value)}".rstrip())
    show_drift(found.drift)
    say(f"The project differs in {counted(found.lines, 'line')}.")


def _end(found: ExternalAdoption, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "command": "adopt",
                "project": found.project.name,
                "path": str(found.project.root),
                "state": "done" if found.is_written else "planned",
                "version": found.version,
                "answers": dict(found.project.answers),
                "lines": found.lines,
                **described_drift(found.drift),
            }
        )
    elif found.is_written:
        say(f"{found.project.record} is written; commit it. See scaffold status.", "bold green")
    else:
        say("Nothing was written.", "bold")
