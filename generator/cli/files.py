"""The commands for single files of a project, its record included; each imports what it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from generator.cli import words


@click.command(
    epilog=words.examples("scaffold resolve pyproject.toml --tool", "scaffold resolve . --theirs")
)
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--ours", is_flag=True, help="Take the file as you had it.")
@click.option("--theirs", is_flag=True, help="Take the file as the template has it.")
@click.option("--tool", is_flag=True, help="Merge in the tool that git's merge.tool names.")
@click.option("--force", is_flag=True, help="Also overwrite edits made since the change.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def resolve(context: click.Context, /, paths: Sequence[Path], **given: bool) -> None:
    """Resolve the conflicts in FILE. Afterwards, update --continue finishes the change."""
    from generator.cli import resolve as resolving

    context.exit(resolving.resolve(paths, **given))


@click.command(epilog=words.examples("scaffold skip Dockerfile", "scaffold skip 'docs/*'"))
@click.argument("patterns", metavar="PATH...", nargs=-1, required=True, shell_complete=words.files)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def skip(patterns: Sequence[str], as_json: bool) -> None:
    """Exclude PATH from updates: a file, a folder, or a pattern as in .gitignore."""
    from generator.cli import skips

    skips.skip(patterns, as_json=as_json)


@click.command(epilog=words.examples("scaffold unskip Dockerfile"))
@click.argument("patterns", metavar="PATH...", nargs=-1, required=True, shell_complete=words.files)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def unskip(patterns: Sequence[str], as_json: bool) -> None:
    """Have updates change PATH again."""
    from generator.cli import skips

    skips.unskip(patterns, as_json=as_json)


@click.command(
    epilog=words.examples(
        "scaffold adopt --dry-run",
        "scaffold adopt --set author=Ada",
        "scaffold adopt --template gh:your-team/template",
    )
)
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="KEY=VALUE",
    help="Answer any question.",
    shell_complete=words.pairs("project_name"),
)
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="TEXT",
    help="A resource of the API, as for scaffold new. Repeat for all.",
    shell_complete=words.resource,
)
@click.option(
    "-t", "--template", metavar="TEMPLATE", help="The template, where it is not scaffold's own."
)
@click.option("--directory", metavar="DIR", help="Folder of the template in its repository.")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    help="Read answers to another template from a file, such as a replay file.",
)
@words.trust
@click.option("--again", is_flag=True, help="Search again even where there is a record.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be recorded; write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; write what is found.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; ask nothing.")
@click.pass_context
def adopt(
    context: click.Context,
    /,
    template: str | None,
    directory: str | None,
    file: Path | None,
    trust: bool,
    no_hooks: bool,
    **given: Any,
) -> None:
    """Find the template version and answers of a project that lost its record."""
    if template is not None:
        from generator.cli import external_adopt

        place = directory or ""
        arguments = external_adopt.Arguments(template, place, file, trust, no_hooks, **given)
        context.exit(external_adopt.adopt(arguments))
    words.need_template(directory=directory, answers=file, trust=trust, no_hooks=no_hooks)
    from generator.cli import adopt as adopting

    context.exit(adopting.adopt(adopting.Arguments(**given)))
