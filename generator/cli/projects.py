"""The commands for many projects at once; each imports what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from generator.cli import words


@click.group(
    invoke_without_command=True,
    epilog=words.examples("scaffold fleet status ~/projects", "scaffold fleet update shop blog"),
)
@click.pass_context
def fleet(context: click.Context) -> None:
    """Check or update many projects at once."""
    words.help_alone(context)


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


@fleet.command(
    "status",
    epilog=words.examples(
        "scaffold fleet status ~/projects", "scaffold fleet status --from projects.txt"
    ),
)
@words.trust
@_of_a_fleet
@click.pass_context
def fleet_status(
    context: click.Context,
    /,
    folders: Sequence[Path],
    trust: bool,
    no_hooks: bool,
    **given: Any,
) -> None:
    """Show the versions and the drift of the projects in DIR..."""
    from generator.cli import fleet as fleet_commands

    arguments = ["status", *_trusting(trust=trust, no_hooks=no_hooks)]
    context.exit(fleet_commands.run(folders, arguments, **given))


@fleet.command(
    "update",
    epilog=words.examples(
        "scaffold fleet update ~/projects --dry-run", "scaffold fleet update shop blog"
    ),
)
@_of_a_fleet
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change; write nothing.")
@words.to_version
@click.option("--branch", metavar="NAME", default="", help="Make this branch in each project.")
@click.option("--commit", is_flag=True, help="Commit what changed in each project.")
@click.option(
    "--exec",
    "check",
    metavar="COMMAND",
    default="",
    help="Run a command in each project that changed; its exit code counts.",
)
@words.trust
@click.pass_context
def fleet_update(
    context: click.Context,
    /,
    folders: Sequence[Path],
    to: str | None,
    dry_run: bool,
    branch: str,
    commit: bool,
    check: str,
    trust: bool,
    no_hooks: bool,
    **given: Any,
) -> None:
    """Update the projects in DIR...; what is done stays done when it is run again."""
    if dry_run and (branch or commit or check):
        raise click.UsageError("--dry-run changes nothing that could be committed or checked.")
    from generator.cli import fleet as fleet_commands
    from generator.engine.fleet import FleetOptions

    arguments = ["update", *(["--to", to] if to else []), *(["--dry-run"] if dry_run else [])]
    arguments += _trusting(trust=trust, no_hooks=no_hooks)
    options = FleetOptions(branch, commit, check)
    context.exit(fleet_commands.run(folders, arguments, options=options, **given))


def _trusting(*, trust: bool, no_hooks: bool) -> list[str]:
    return [*(["--trust"] if trust else []), *(["--no-hooks"] if no_hooks else [])]
