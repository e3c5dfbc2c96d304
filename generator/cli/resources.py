"""The command `generate`. What it does is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from generator.cli import words
from generator.cli.project import changing

FIELD = "FIELD..."


def making(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that changes a project and makes the migration."""
    return click.option(
        "--no-migrate", is_flag=True, help="Do not make the migration; print the command that does."
    )(changing(command))


@click.group(
    invoke_without_command=True,
    epilog=words.examples(
        "scaffold generate resource book title:str",
        'scaffold generate field book "summary:text?"',
        "scaffold generate endpoint book publish POST",
    ),
)
@click.pass_context
def generate(context: click.Context) -> None:
    """Add a resource to the project, or fields or an endpoint to one, with the migration."""
    words.help_alone(context)


@generate.command(
    "resource",
    epilog=words.examples(
        "scaffold generate resource book title:str isbn:str:unique published:date?",
        "scaffold generate resource review text:text stars:int:min=1:max=5 author:ref=user",
        "scaffold generate resource edition book:ref=book number:int:min=1 --unique book,number",
        "scaffold generate resource notice:owner=none:read=all:write=admin title:str",
    ),
)
@click.argument("name", metavar="NAME[/PLURAL][:OPTION=VALUE]", shell_complete=words.new_name)
@click.argument("fields", metavar=FIELD, nargs=-1, required=True, shell_complete=words.new_fields)
@click.option(
    "--unique",
    metavar="FIELD,FIELD...",
    multiple=True,
    shell_complete=words.nothing,
    help="No two rows have the same values in these fields; may be repeated.",
)
@making
@click.pass_context
def generate_resource(
    context: click.Context,
    /,
    name: str,
    fields: Sequence[str],
    unique: Sequence[str],
    no_migrate: bool,
    **given: Any,
) -> None:
    """Add the resource NAME: model, schemas, routes, tests, and the migration.

    A FIELD is NAME:TYPE, NAME:TYPE? where it is optional, or NAME:TYPE:MODIFIER. An OPTION is
    owner, read or write, and without any of them, users see and change their own rows only; or it
    is unique=FIELD+FIELD.
    """
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    options = [f"unique={names.replace(',', '+')}" for names in unique]
    whole = ":".join([name, *options])
    context.exit(command.resource(whole, fields, Arguments(**given), migrate=not no_migrate))


@generate.command(
    "field",
    epilog=words.examples(
        'scaffold generate field book "summary:text?"',
        "scaffold generate field book genre:enum=novel,essay",
    ),
)
@click.argument("resource", shell_complete=words.resources)
@click.argument("fields", metavar=FIELD, nargs=-1, required=True, shell_complete=words.new_fields)
@making
@click.pass_context
def generate_field(
    context: click.Context, /, resource: str, fields: Sequence[str], no_migrate: bool, **given: Any
) -> None:
    """Add fields to RESOURCE, and merge them into the files that you edited.

    A FIELD is NAME:TYPE, NAME:TYPE? where it is optional, or NAME:TYPE:MODIFIER.
    """
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.fields(resource, fields, Arguments(**given), migrate=not no_migrate))


@generate.command(
    "access",
    epilog=words.examples(
        "scaffold generate access book read=all",
        "scaffold generate access book owner=none read=users write=admin",
    ),
)
@click.argument("resource", shell_complete=words.resources)
@click.argument(
    "options", metavar="OPTION=VALUE...", nargs=-1, required=True, shell_complete=words.access
)
@making
@click.pass_context
def generate_access(
    context: click.Context, /, resource: str, options: Sequence[str], no_migrate: bool, **given: Any
) -> None:
    """Change who owns, reads and writes the rows of RESOURCE, by owner, read and write.

    It says whom the change lets in, and asks.
    """
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    context.exit(command.access(resource, options, Arguments(**given), migrate=not no_migrate))


@generate.command(
    "endpoint",
    epilog=words.examples(
        "scaffold generate endpoint book publish POST",
        "scaffold generate endpoint book bestsellers GET --collection",
    ),
)
@click.argument("resource", shell_complete=words.resources)
@click.argument("name", shell_complete=words.nothing)
@click.argument("method", shell_complete=words.methods)
@click.option("--collection", is_flag=True, help="On all objects: /books/NAME, without an id.")
@changing
@click.pass_context
def generate_endpoint(
    context: click.Context,
    /,
    resource: str,
    name: str,
    method: str,
    collection: bool,
    **given: Any,
) -> None:
    """Add the endpoint NAME to RESOURCE: a route that answers with the object, and its test.

    METHOD is GET, POST, PUT, PATCH or DELETE; POST /books/{id}/NAME, for example.
    """
    from generator.cli import generate as command
    from generator.cli.change import Arguments

    arguments = Arguments(**given)
    context.exit(command.endpoint(resource, name, method, arguments, collection=collection))
