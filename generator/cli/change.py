"""The commands `update`, `add`, `remove` and `set`: from their arguments to an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from generator.cli import change_output, external, report, uv
from generator.cli.interrupted import warn_of_interrupted_change
from generator.engine import change as changing
from generator.engine import operations
from generator.engine.change import ChangeResult
from generator.engine.options import ChangeOptions, UpdateOptions
from generator.engine.pending import Ended
from generator.errors import (
    CONFLICTS,
    DECLINED,
    OUTDATED,
    OwnerNeededError,
    ScaffoldError,
    UsageError,
)
from generator.questions.emails import account_email
from generator.questions.given import assignments


@dataclass(frozen=True)
class Arguments:
    """What every command takes that changes a project."""

    as_json: bool
    yes: bool
    force: bool
    diff: bool
    dry_run: bool
    verbose: bool
    report: Path | None
    owner: str | None = None
    answers_file: str = ""
    trust: bool = False
    no_hooks: bool = False

    @property
    def options(self) -> ChangeOptions:
        """The engine's options."""
        return ChangeOptions(
            self.dry_run,
            self.force,
            overwrite=self.yes,
            change_data=self.yes,
            owner=self.owner,
            trust=self.trust,
            hooks=not self.no_hooks,
            ask=external.terminal_ask() if not self.yes and _can_ask(self) else None,
            record=self.answers_file,
        )


def update(arguments: Arguments, *, to: str | None) -> int:
    """Bring the project to another template version."""
    recovered = begin(arguments)
    options = UpdateOptions(**vars(arguments.options), to=to)
    result = external.trusted(
        lambda o: operations.update(Path.cwd(), o), options, quiet=arguments.as_json
    )
    return end(result, recovered, arguments)


def check(*, to: str | None, record: str, as_json: bool) -> int:
    """Tell whether there is a newer version, and return 4 when there is."""
    warn_of_interrupted_change()
    project, version = operations.check(Path.cwd(), to, record)
    change_output.check(project, version, as_json=as_json)
    return 0 if version == project.version else OUTDATED


def add(words: Sequence[str], arguments: Arguments) -> int:
    """Turn features on."""
    if "resource" in words:
        what = "A resource is not a feature."
        raise UsageError(what, "Write: scaffold generate resource NAME FIELD...")
    recovered = begin(arguments)
    result = _with_an_owner(lambda options: operations.add(Path.cwd(), words, options), arguments)
    return end(result, recovered, arguments)


def remove(words: Sequence[str], arguments: Arguments) -> int:
    """Turn features off."""
    recovered = begin(arguments)
    return end(operations.remove(Path.cwd(), words, arguments.options), recovered, arguments)


def set_(pairs: Sequence[str], arguments: Arguments) -> int:
    """Change answers."""
    assigned = assignments(pairs)
    recovered = begin(arguments)

    def change(options: ChangeOptions) -> ChangeResult:
        return external.trusted(
            lambda o: operations.set_answers(Path.cwd(), assigned, o),
            options,
            quiet=arguments.as_json,
        )

    result = _with_an_owner(change, arguments)
    return end(result, recovered, arguments)


def finish(*, verbose: bool, as_json: bool) -> int:
    """Finish the pending change, or the merge of two branches that changed the project."""
    merged = operations.reunite(Path.cwd())
    if merged:
        change_output.change(
            merged, recovered=None, with_diff=False, verbose=verbose, as_json=as_json
        )
        return CONFLICTS if merged.conflicts else 0
    return _ended(operations.finish(Path.cwd()), verbose=verbose, as_json=as_json)


def abort(*, force: bool, as_json: bool) -> int:
    """Take the pending change back."""
    ended = operations.abort(Path.cwd(), force=force)
    return _ended(ended, verbose=False, as_json=as_json)


def check_alone(end: str, others: dict[str, object]) -> None:
    """Raise `UsageError` for options that have no meaning beside --`end`."""
    for name, value in others.items():
        if value:
            option = "--" + name.replace("_", "-")
            raise UsageError(f"{option} and --{end} exclude each other.", "Keep one of them.")


def recover() -> Ended | None:
    """Bring a change that was interrupted to its end, and say so at once."""
    recovered = operations.recover(Path.cwd())
    if recovered:
        change_output.recovered(recovered)
    return recovered


def begin(arguments: Arguments) -> Ended | None:
    """Refuse a report that cannot be written, and end a change that was interrupted."""
    if arguments.report:
        report.check_place(arguments.report)
    return None if arguments.dry_run else recover()


def end(
    result: ChangeResult,
    recovered: Ended | None,
    arguments: Arguments,
    finish: Callable[[ChangeResult], ChangeResult] | None = None,
) -> int:
    """Ask what has to be asked, `finish` and report the change, and return the exit code."""
    if result.state in {changing.UNCOMMITTED, changing.CHANGES_DATA}:
        if not _may_go_on(result, arguments):
            change_output.declined()
            return DECLINED
        result = changing.carry_out(result)
    if finish:
        result = finish(result)
    if arguments.report:
        report.write(result, arguments.report)
    change_output.change(
        result,
        recovered=recovered,
        with_diff=arguments.diff,
        verbose=arguments.verbose,
        as_json=arguments.as_json,
    )
    return CONFLICTS if result.conflicts else 0


def _with_an_owner(
    plan: Callable[[ChangeOptions], ChangeResult], arguments: Arguments
) -> ChangeResult:
    """Return what `plan` does; where rows need an owner, ask for one in a terminal."""
    try:
        return plan(arguments.options)
    except OwnerNeededError as needed:
        if arguments.yes or not _can_ask(arguments):
            raise
        owner: str = click.prompt(needed.message, value_proc=_account_email)
    return plan(replace(arguments.options, owner=owner))


def _account_email(text: str) -> str:
    try:
        return account_email(text)
    except UsageError as error:
        raise click.UsageError(f"{error.message} {error.hint}") from error


def _may_go_on(result: ChangeResult, arguments: Arguments) -> bool:
    """Ask before data, or edits that git could not bring back, are lost; return the answer."""
    if result.state == changing.CHANGES_DATA and result.change:
        what = " ".join(result.change.data.losses)
        if not _confirmed(what, "If you mean it, add --yes.", arguments):
            return False
    if not (paths := result.uncommitted):
        return True
    shown = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if paths[3:] else "")
    what = f"{shown} would change, with edits of yours that are not committed."
    return _confirmed(what, "Commit them first, or add --yes.", arguments)


def _confirmed(what: str, cure: str, arguments: Arguments) -> bool:
    """Ask on a terminal whether to go on; raise `ScaffoldError` where nobody can answer."""
    if not _can_ask(arguments):
        raise ScaffoldError(what, cure)
    return click.confirm(f"{uv.for_here(what)} Go on?")


def _can_ask(arguments: Arguments) -> bool:
    return external.can_ask(quiet=arguments.as_json)


def _ended(ended: Ended, *, verbose: bool, as_json: bool) -> int:
    if ended.unresolved:
        change_output.unresolved(ended, verbose=verbose, as_json=as_json)
        return CONFLICTS
    change_output.ended(ended, verbose=verbose, as_json=as_json)
    return 0
