"""The commands for single files of a project. What they do is imported when they run."""

from __future__ import annotations

from collections.abc import Sequence

import click


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
