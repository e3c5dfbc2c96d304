"""How fast the generated backends are, beside what users would pick instead, on PostgreSQL.

    python -m benchmarks.apps [--framework fastapi] [--row me] [--json FILE]

For each framework its project is generated and served by `poe serve` with one worker, on a core
that it shares with nothing but its peers, which wait meanwhile; wrk and PostgreSQL have another
core. docs/performance.md says what is compared.
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

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from tests.contract.databases import PostgreSQL
from tests.contract.server import Project

from . import report
from .contestants import FRAMEWORKS
from .environment import environment, with_packages
from .measure import run
from .rows import ROWS
from .site import ROOT, open_site


@click.command(help=__doc__)
@click.option("--framework", "frameworks", multiple=True, type=click.Choice(list(FRAMEWORKS)))
@click.option("--row", "rows", multiple=True, type=click.Choice([row.name for row in ROWS]))
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=3, show_default=True, help="Of each load.")
@click.option("--json", "file", type=click.Path(path_type=Path))
def main(
    frameworks: tuple[str, ...],
    rows: tuple[str, ...],
    rounds: int,
    seconds: int,
    file: Path | None,
) -> None:
    check_machine()
    results = []
    for framework in frameworks or tuple(FRAMEWORKS):
        result = measure(framework, rows, rounds, seconds)
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


def measure(framework: str, names: tuple[str, ...], rounds: int, seconds: int) -> report.Result:
    """Measure the framework's project and its peers; drop their databases in the end."""
    rows = tuple(row for row in ROWS if not names or row.name in names)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        databases = PostgreSQL(folder)
        stack.callback(databases.close)
        ours = generate(framework, folder / "shop")
        entries = {f"scaffold, {framework}": ours} | {
            peer.name: peer for peer in FRAMEWORKS[framework]
        }
        sites = [
            stack.enter_context(open_site(name, what, databases, folder))
            for name, what in entries.items()
        ]
        loads = len(rows) * len(sites) * (rounds + 1)
        with click.progressbar(length=loads, item_show_func=str, file=sys.stderr) as bar:
            samples = run(sites, rows, rounds, seconds, lambda what: bar.update(1, what))
        return report.Result(framework, samples, {site.name: site.memory() for site in sites})


def generate(framework: str, folder: Path) -> Project:
    """Generate the framework's project, for this Python."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    chosen = {"framework": framework, "database": "postgres"}
    if framework != "express":
        chosen["python_version"] = python
    answers = complete(
        load_catalog(ROOT), folder.name, options=chosen, assigned={}, file={}, resources=()
    )
    render(answers, folder)
    programs = with_packages(folder) if framework == "express" else environment((), folder)
    return Project(folder, programs)


if __name__ == "__main__":
    main()
