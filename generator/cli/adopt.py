"""The command `adopt`: from its arguments to an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from generator.cli import change_output
from generator.cli.external import can_ask
from generator.cli.inspect import described_drift, show_drift
from generator.cli.output import print_json, say
from generator.engine import adopt as adopting
from generator.engine.adopt import Adoption
from generator.engine.nearest import differences
from generator.errors import DECLINED, ScaffoldError
from generator.project.record import ANSWERS_FILE
from generator.questions.answers import assigned_answers
from generator.questions.given import assignments
from generator.questions.resource_answers import resources_from_answer
from generator.render.backend import backend_of
from generator.text import counted, shown
from generator.versions.locate import template_root


@dataclass(frozen=True)
class Arguments:
    """The arguments of `scaffold adopt`; `pairs` are KEY=VALUE."""

    pairs: Sequence[str]
    resources: Sequence[str]
    again: bool
    dry_run: bool
    yes: bool
    as_json: bool

    @property
    def may_ask(self) -> bool:
        """Tell whether a person is there to be asked."""
        return can_ask(quiet=self.as_json)


def adopt(arguments: Arguments) -> int:
    """Find the record of the project in the current folder, write it, and return the exit code."""
    catalog = backend_of(template_root()).catalog()
    given = assigned_answers(catalog, assignments(arguments.pairs), arguments.resources)
    with progress(quiet=arguments.as_json) as tell:
        found = adopting.find(Path.cwd(), given, again=arguments.again, tell=tell)
    is_planned = found.state == adopting.PLANNED and not arguments.dry_run
    if is_planned and not arguments.yes and not arguments.may_ask:
        version, lines = found.project.version, counted(found.nearest.lines, "line")
        what = f"{ANSWERS_FILE} would name template {version}; the project differs in {lines}."
        raise ScaffoldError(what, "Look at it with --dry-run, then add --yes.")
    if not arguments.as_json:
        _show(found)
    if is_planned:
        if not arguments.yes and not click.confirm(f"Write these to {ANSWERS_FILE}?"):
            change_output.declined()
            return DECLINED
        found = adopting.record(found)
    if arguments.as_json:
        print_json(_described(found))
    else:
        _show_end(found)
    return 0


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield what tells in a terminal which version is compared; it goes when the block ends."""
    if quiet or not sys.stderr.isatty():
        yield lambda _version: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Comparing with the template") as status:
        yield lambda version: status.update(f"Comparing with template {version}")


def _show(found: Adoption) -> None:
    """Show the version, the answers, how the project differs, and what else is near."""
    say(f"The closest match is template {found.project.version} with these answers:", "bold")
    width = max(len(name) for name in found.project.answers)
    for name, value in found.project.answers.items():
        for word in _words(name, value):
            say(f"  {name:{width}}  {word}".rstrip())
    show_drift(found.drift)
    say(f"The project differs in {counted(found.nearest.lines, 'line')}.")
    for other, lines in found.nearest.others if found.nearest.lines else ():
        changed = differences(found.nearest.best, other)
        what = ", ".join(f"{name}={'; '.join(_words(name, v))}" for name, v in changed.items())
        say(f"  {counted(lines, 'line')} with {what}")
    if found.remarks is not None:
        say("Note: The resources were read from the project's models.", "yellow")
    for remark in found.remarks or ():
        say(f"Note: {remark}", "yellow")
    for name in found.assumed:
        say(f"Note: {_assumption(name)}", "yellow")


def _show_end(found: Adoption) -> None:
    match found.state:
        case adopting.DONE:
            say(f"{ANSWERS_FILE} is written; commit it. See scaffold status.", "bold green")
        case adopting.UNCHANGED:
            say(f"{ANSWERS_FILE} is already correct.", "bold")
        case _:
            say("Nothing was written.", "bold")


def _described(found: Adoption) -> dict[str, Any]:
    return {
        "command": "adopt",
        "project": found.project.answers["project_name"],
        "path": str(found.project.root),
        "state": found.state,
        "version": found.project.version,
        "answers": dict(found.project.answers),
        "assumed": found.assumed,
        "read": [] if found.remarks is None else ["resources"],
        "remarks": [asdict(remark) for remark in found.remarks or ()],
        "lines": found.nearest.lines,
        **described_drift(found.drift),
        "others": [
            {"differs": differences(found.nearest.best, other), "lines": lines}
            for other, lines in found.nearest.others
        ],
    }


def _assumption(name: str) -> str:
    way = '--resource "NAME FIELD..."' if name == "resources" else f"--set {name}=..."
    return f"The project's files do not say its {name}; these are the default. Give yours: {way}"


def _words(name: str, value: Any) -> list[str]:
    """Return an answer as the options that give it take it."""
    if name != "resources":
        return [shown(value)]
    return [resource.option() for resource in resources_from_answer(value)]
