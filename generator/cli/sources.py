"""The command `import`. What it does is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import words
from generator.cli.resources import making

if TYPE_CHECKING:
    from generator.sources.tables import Reading


@click.group(
    "import",
    invoke_without_command=True,
    epilog=words.examples(
        "scaffold import django ../old/shop",
        "scaffold import database sqlite:///old.db --print",
    ),
)
@click.pass_context
def import_(context: click.Context) -> None:
    """Add the resources of other models, of a database or of an API to the project.

    What a resource cannot have is listed. With --print, the options for scaffold new are printed.
    """
    words.help_alone(context)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    printing = click.option(
        "--print", "only_print", is_flag=True, help="Print the options for scaffold new only."
    )
    return printing(making(command))


def _import(
    reading: Reading,
    only_print: bool,
    no_migrate: bool,
    given: dict[str, Any],
    *,
    existing: str = "",
) -> int:
    from generator.cli import importing
    from generator.cli.change import Arguments

    if only_print:
        return importing.show(reading, as_json=given["as_json"], existing=bool(existing))
    arguments = Arguments(**given)
    return importing.add(reading, arguments, migrate=not no_migrate, existing=existing)


@import_.command(epilog=words.examples("scaffold import sqlalchemy ../old/models"))
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@_options
@click.pass_context
def sqlalchemy(
    context: click.Context,
    /,
    paths: Sequence[Path],
    only_print: bool,
    no_migrate: bool,
    **given: Any,
) -> None:
    """Read the SQLAlchemy models in each PATH, a file or a folder; no code is run."""
    from generator.sources import sqlalchemy as source

    context.exit(_import(source.read(paths), only_print, no_migrate, given))


@import_.command(epilog=words.examples("scaffold import django ../old/shop --print"))
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@_options
@click.pass_context
def django(
    context: click.Context,
    /,
    paths: Sequence[Path],
    only_print: bool,
    no_migrate: bool,
    **given: Any,
) -> None:
    """Read the Django models in each PATH, a file or a folder; no code is run."""
    from generator.sources import django as source

    context.exit(_import(source.read(paths), only_print, no_migrate, given))


@import_.command(
    epilog=words.examples(
        "scaffold import database sqlite:///old.db",
        "scaffold import database postgresql://localhost/old --print",
        "scaffold import database postgresql://localhost/shop --existing",
    )
)
@click.argument("url", shell_complete=words.nothing)
@click.option(
    "--existing",
    is_flag=True,
    help="Serve the rows from where they are: no migration touches these tables.",
)
@_options
@click.pass_context
def database(
    context: click.Context,
    /,
    url: str,
    existing: bool,
    only_print: bool,
    no_migrate: bool,
    **given: Any,
) -> None:
    """Read the tables of the database at URL, SQLite or PostgreSQL; no rows are read."""
    from generator.sources import database as source

    place = url if existing else ""
    reading = source.read(url, existing=existing)
    context.exit(_import(reading, only_print, no_migrate, given, existing=place))


@import_.command(epilog=words.examples("scaffold import openapi openapi.yaml"))
@click.argument("file", type=click.Path(path_type=Path))
@_options
@click.pass_context
def openapi(
    context: click.Context, /, file: Path, only_print: bool, no_migrate: bool, **given: Any
) -> None:
    """Read the API that FILE describes, in JSON or YAML."""
    from generator.sources import openapi as source

    context.exit(_import(source.read(file), only_print, no_migrate, given))
