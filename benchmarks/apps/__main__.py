"""How fast the generated backends are, beside what users would pick instead, on PostgreSQL.

    python -m benchmarks.apps [--framework fastapi] [--row me] [--options] [--json FILE]

For each framework its project is generated and served by `poe serve` with one worker, on a core
that it shares with nothing but its peers, which wait meanwhile; wrk and PostgreSQL have another
core. With --options, the peers are the same project as of the last release before there were
options, and with each of them. docs/performance.md says what is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from tests.contract.databases import PostgreSQL

from . import report
from .collector import collecting
from .contestants import FRAMEWORKS
from .measure import run
from .projects import PLAIN, generate, with_options
from .rows import ROWS
from .site import LOAD_CORE, open_site


@click.command(help=__doc__)
@click.option("--framework", "frameworks", multiple=True, type=click.Choice(list(FRAMEWORKS)))
@click.option("--row", "rows", multiple=True, type=click.Choice([row.name for row in ROWS]))
@click.option("--options", is_flag=True, help="Compare projects with options, not with peers.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=3, show_default=True, help="Of each load.")
@click.option("--json", "file", type=click.Path(path_type=Path))
def main(
    frameworks: tuple[str, ...],
    rows: tuple[str, ...],
    options: bool,
    rounds: int,
    seconds: int,
    file: Path | None,
) -> None:
    check_machine()
    results = []
    for framework in frameworks or tuple(FRAMEWORKS):
        result = measure(framework, rows, options, rounds, seconds)
        results.append(result)
        click.echo(f"\n{report.tables(result)}\n")
        for warning in report.warnings(result):
            click.echo(warning, err=True)
    if file:
        text = json.dumps(report.as_json(results), indent=2)
        file.write_text(text + "\n", encoding="utf-8")


def check_machine() -> None:
    for program in ("wrk", "taskset"):
        if not shutil.which(program):
            raise click.ClickException(f"{program} is missing; Debian has it as a package")
    if len(os.sched_getaffinity(0)) < 2:
        raise click.ClickException("the server and the load need a core each")
    # So that servers and databases go, whoever ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def measure(
    framework: str, names: tuple[str, ...], options: bool, rounds: int, seconds: int
) -> report.Result:
    """Measure the framework's project beside others; drop their databases in the end."""
    rows = tuple(row for row in ROWS if not names or row.name in names)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        databases = PostgreSQL(folder)
        stack.callback(databases.close)
        ours = generate(framework, PLAIN, folder / "shop")
        sites = [stack.enter_context(open_site(f"scaffold, {framework}", ours, databases, folder))]
        if options:
            for kind in with_options(stack.enter_context(collecting(LOAD_CORE))):
                project = generate(framework, kind, folder / kind.folder)
                site = open_site(kind.name, project, databases, folder, kind.settings)
                sites.append(stack.enter_context(site))
        else:
            for peer in FRAMEWORKS[framework]:
                sites.append(stack.enter_context(open_site(peer.name, peer, databases, folder)))
        loads = len(rows) * len(sites) * (rounds + 1)
        with click.progressbar(length=loads, item_show_func=str, file=sys.stderr) as bar:
            samples = run(sites, rows, rounds, seconds, lambda what: bar.update(1, what))
        return report.Result(framework, samples, {site.name: site.memory() for site in sites})


if __name__ == "__main__":
    main()
