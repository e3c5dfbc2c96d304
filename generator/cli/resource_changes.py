"""The commands `destroy` and `rename`. What they do is imported when they run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from generator.cli import words
from generator.cli.project import changing
from generator.cli.resources import making


@click.group(
    invoke_without_command=True,
    epilog=words.examples(
        "scaffold destroy resource book", "scaffold destroy field book isbn --dry-run"
    ),
)
@click.pass_context
def destroy(context: click.Context) -> None:
    """Remove a resource from the project, or fields or an endpoint from one, with the migration."""
    words.help_alone(context)


@destroy.command("resource", epilog=words.examples("scaffold destroy resource book"))
@click.argument("name", shell_complete=words.resources)
@making
@click.pass_context
def destroy_resource(context: click.Context, /, name: str, no_migrate: bool, **given: Any) -> None:
    """Remove the resource NAME; refused where its files were edited, unless --force."""
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.without_resource(name, Arguments(**given), migrate=not no_migrate))


@destroy.command("field", epilog=words.examples("scaffold destroy field book isbn"))
@click.argument("resource", shell_complete=words.resources)
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=words.fields)
@making
@click.pass_context
def destroy_field(
    context: click.Context, /, resource: str, names: Sequence[str], no_migrate: bool, **given: Any
) -> None:
    """Remove the fields NAME... from RESOURCE."""
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(
        command.without_fields(resource, names, Arguments(**given), migrate=not no_migrate)
    )


@destroy.command("endpoint", epilog=words.examples("scaffold destroy endpoint book publish"))
@click.argument("resource", shell_complete=words.resources)
@click.argument("name", shell_complete=words.endpoints)
@changing
@click.pass_context
def destroy_endpoint(context: click.Context, /, resource: str, name: str, **given: Any) -> None:
    """Remove the endpoint NAME from RESOURCE."""
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.without_endpoint(resource, name, Arguments(**given)))


@click.group(
    invoke_without_command=True,
    epilog=words.examples(
        "scaffold rename resource book volume", "scaffold rename field book isbn code"
    ),
)
@click.pass_context
def rename(context: click.Context) -> None:
    """Give a resource or a field another name, in the code and in the database."""
    words.help_alone(context)


@rename.command(
    "resource",
    epilog=words.examples(
        "scaffold rename resource book volume", "scaffold rename resource person human/humans"
    ),
)
@click.argument("old", shell_complete=words.resources)
@click.argument("new", metavar="NEW[/PLURAL]", shell_complete=words.nothing)
@changing
@click.pass_context
def rename_resource(context: click.Context, /, old: str, new: str, **given: Any) -> None:
    """Rename the resource OLD to NEW, with its files and references; all rows stay."""
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.renamed_resource(old, new, Arguments(**given)))


@rename.command("field", epilog=words.examples("scaffold rename field book isbn code"))
@click.argument("resource", shell_complete=words.resources)
@click.argument("old", shell_complete=words.fields)
@click.argument("new", shell_complete=words.nothing)
@changing
@click.pass_context
def rename_field(
    context: click.Context, /, resource: str, old: str, new: str, **given: Any
) -> None:
    """Rename the field OLD of RESOURCE to NEW; the values of all rows stay."""
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.renamed_field(resource, old, new, Arguments(**given)))
