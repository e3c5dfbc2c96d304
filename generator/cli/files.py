"""The commands for single files of a project. What they do is imported when they run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click


@click.command()
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--ours", is_flag=True, help="Take the file as you had it.")
@click.option("--theirs", is_flag=True, help="Take the file as the template has it.")
@click.option("--tool", is_flag=True, help="Merge in the tool that git's merge.tool names.")
@click.option("--force", is_flag=True, help="Overwrite your edits since the change, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def resolve(context: click.Context, /, paths: Sequence[Path], **given: bool) -> None:
    """End the conflicts in FILE, for update --continue to finish the change."""
    from generator.cli import resolve as resolving

    context.exit(resolving.resolve(paths, **given))


@click.command()
@click.argument("words", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def skip(words: Sequence[str], as_json: bool) -> None:
    """Have updates leave PATH alone: files, folders, or patterns as in .gitignore."""
    from generator.cli import skips

    skips.skip(words, as_json=as_json)


@click.command()
@click.argument("words", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def unskip(words: Sequence[str], as_json: bool) -> None:
    """Have updates reach PATH again."""
    from generator.cli import skips

    skips.unskip(words, as_json=as_json)
