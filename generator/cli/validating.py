"""The command `validate`, with its options; it imports what it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from generator.cli import words

FILE = click.Path(path_type=Path)
TIERS = ("0", "1", "2", "3")


@click.command(
    epilog=words.examples(
        "scaffold validate",
        "scaffold validate --changed-since origin/main",
        "scaffold validate --only framework=django --tier 1 --seed 7 --keep broken/",
        "scaffold validate --shard 3/8 --json out.json",
        "scaffold validate --merge results/*.json --html report.html",
        "scaffold validate --init",
    )
)
@click.argument("path", type=FILE, default=Path(), required=False)
@click.option(
    "--tier",
    "tiers",
    type=click.Choice(TIERS),
    multiple=True,
    help="0: render and read all; 1: run some; 2: from nothing; 3: updates. Repeat for more.",
)
@click.option("--only", multiple=True, metavar="KEY=VALUE", help="Variants with this answer.")
@click.option("--variant", "variants", multiple=True, metavar="NAME", help="This variant.")
@click.option("--step", "steps", multiple=True, metavar="NAME", help="Run this command only.")
@click.option("--changed-since", "since", metavar="REV", help="What differs from this revision.")
@click.option("--seed", metavar="TEXT", help="What the random variants are picked by.")
@click.option("--keep", type=FILE, metavar="DIR", help="Keep all renders that fail here.")
@click.option("--shard", metavar="N/M", help="The N-th of M shares of the variants.")
@click.option("--times", type=FILE, metavar="FILE", help="Balance shards by this earlier --json.")
@click.option(
    "--merge", type=FILE, multiple=True, metavar="FILE", help="Merge the --json of all shards."
)
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write JSON; - prints it.")
@click.option("--junit", "junit_file", type=FILE, metavar="FILE", help="Write JUnit's XML.")
@click.option("--html", "html_file", type=FILE, metavar="FILE", help="Write a page to read.")
@click.option("-j", "--jobs", type=click.IntRange(1, 512), help="How many at a time.")
@click.option("--again", is_flag=True, help="Prove again what is known.")
@click.option("--init", is_flag=True, help="Write validate.toml, and the workflow of your CI.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "kubernetes", "none"]),
    help="The CI that --init writes a workflow for; by default the one of the repository.",
)
@words.trust
@click.pass_context
def validate(
    context: click.Context,
    /,
    tiers: Sequence[str],
    init: bool,
    ci: str | None,
    **given: Any,
) -> None:
    """Prove that every variant of the template in PATH works."""
    from generator.cli import validate as command

    if init:
        hooks = not given["no_hooks"]
        context.exit(command.init(given["path"], ci or "", trust=given["trust"], hooks=hooks))
    arguments = command.Arguments(tiers=[int(tier) for tier in tiers], **given)
    context.exit(command.validate(arguments))
