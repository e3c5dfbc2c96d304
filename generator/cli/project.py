"""The commands for projects that stand already. What they do is imported when they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click


def _changing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has which changes a project."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object; ask nothing."),
        click.option(
            "--yes", is_flag=True, help="Ask nothing: change uncommitted files and data too."
        ),
        click.option(
            "--force",
            is_flag=True,
            help="Delete files that the template dropped, even with your edits.",
        ),
        click.option(
            "--report",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Write what a pull request should say to FILE, as Markdown.",
        ),
        click.option(
            "-v", "--verbose", is_flag=True, help="Also list files that were merged smoothly."
        ),
        click.option("--diff", is_flag=True, help="Show the difference as git does."),
        click.option("--dry-run", is_flag=True, help="Show what would change; write nothing."),
    ):
        command = option(command)
    return command


_owner = click.option(
    "--owner", metavar="EMAIL", help="The account that gets rows which have no owner yet."
)


@click.command()
@click.option("--to", metavar="VERSION", help="Update to this version, not to the newest.")
@click.option("--check", is_flag=True, help="Only report whether there is a newer version.")
@click.option(
    "--continue", "finish", is_flag=True, help="Finish a change whose conflicts are resolved."
)
@click.option("--abort", is_flag=True, help="Undo a change that has conflicts.")
@_changing
@click.pass_context
def update(
    context: click.Context,
    /,
    to: str | None,
    check: bool,
    finish: bool,
    abort: bool,
    **given: Any,
) -> None:
    """Bring the project to the newest version of its template."""
    from generator.cli import change

    if finish or abort:
        others = {"to": to, "check": check, **given, "as_json": False}
        if finish:
            change.check_alone("continue", {**others, "abort": abort, "verbose": False})
            context.exit(change.finish(verbose=given["verbose"], as_json=given["as_json"]))
        change.check_alone("abort", {**others, "force": False})
        context.exit(change.abort(force=given["force"], as_json=given["as_json"]))
    if check:
        change.check_alone("check", {"report": given["report"]})
        context.exit(change.check(to=to, as_json=given["as_json"]))
    context.exit(change.update(change.Arguments(**given), to=to))


@click.command()
@click.argument("features", nargs=-1, required=True)
@_owner
@_changing
@click.pass_context
def add(context: click.Context, /, features: Sequence[str], **given: Any) -> None:
    """Add FEATURES to the project, such as docker or github."""
    from generator.cli import change

    context.exit(change.add(features, change.Arguments(**given)))


@click.command()
@click.argument("features", nargs=-1, required=True)
@_changing
@click.pass_context
def remove(context: click.Context, /, features: Sequence[str], **given: Any) -> None:
    """Remove FEATURES from the project."""
    from generator.cli import change

    context.exit(change.remove(features, change.Arguments(**given)))


@click.command("set")
@click.argument("pairs", metavar="KEY=VALUE...", nargs=-1, required=True)
@_owner
@_changing
@click.pass_context
def set_(context: click.Context, /, pairs: Sequence[str], **given: Any) -> None:
    """Change answers of the project, such as database=postgres."""
    from generator.cli import change

    context.exit(change.set_(pairs, change.Arguments(**given)))


@click.command()
@click.option("--check", is_flag=True, help="Exit with 5 where files differ from the template's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(context: click.Context, /, check: bool, as_json: bool) -> None:
    """Show the project's version, and which of its files were edited."""
    from generator.cli import inspect as inspecting

    context.exit(inspecting.status(check=check, as_json=as_json))


@click.command()
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--exit-code", "check", is_flag=True, help="Exit with 5 where there is a difference.")
@click.pass_context
def diff(context: click.Context, /, paths: Sequence[Path], check: bool) -> None:
    """Show your edits: the project against what its template made."""
    from generator.cli import inspect as inspecting

    context.exit(inspecting.diff(paths, check=check))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def doctor(context: click.Context, /, as_json: bool) -> None:
    """Show what keeps the project from running on this machine, and how to fix it."""
    from generator.cli import inspect as inspecting

    context.exit(inspecting.doctor(as_json=as_json))


@click.group()
def fleet() -> None:
    """Check or update many projects at once."""


def _of_a_fleet(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every command of a fleet takes."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option(
            "--workers", type=click.IntRange(min=1), help="Number of projects to work on at once."
        ),
        click.option(
            "--from",
            "file",
            type=click.Path(path_type=Path),
            help="Read folders from a file, one per line.",
        ),
        click.argument("folders", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@fleet.command("status")
@_of_a_fleet
@click.pass_context
def fleet_status(context: click.Context, /, folders: Sequence[Path], **given: Any) -> None:
    """Show the versions and the drift of the projects in DIR..."""
    from generator.cli import fleet as fleet_commands

    context.exit(fleet_commands.run(folders, ["status"], **given))


@fleet.command("update")
@_of_a_fleet
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--to", metavar="VERSION", help="Update to this version, not to the newest.")
@click.pass_context
def fleet_update(
    context: click.Context,
    /,
    folders: Sequence[Path],
    to: str | None,
    dry_run: bool,
    **given: Any,
) -> None:
    """Update the projects in DIR...; what is done stays done when it is run again."""
    from generator.cli import fleet as fleet_commands

    arguments = ["update", *(["--to", to] if to else []), *(["--dry-run"] if dry_run else [])]
    context.exit(fleet_commands.run(folders, arguments, **given))
