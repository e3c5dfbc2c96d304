"""How fast the generated backends are, beside what bounds them, on PostgreSQL.

    python -m benchmarks.apps [--framework fastapi] [--base-only] [--json FILE] [--plot FILE]

For each framework its project is generated and served by `poe serve` on a core of its own; wrk, on
another core, asks it and its bounds in turn. `hello` is the framework alone, `raw` the driver with
the same SQL behind the same server, `orm` the framework with its ORM as their documentation shows
them, without log, tokens or errors of its own. A share is the median of the rounds' ratios, with
quartiles.
docs/performance.md says what to make of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from tests.contract.databases import PostgreSQL
from tests.contract.server import Project

from . import report
from .environment import environment
from .frameworks import FRAMEWORKS
from .measure import Memory, Plan, run
from .rows import BASE, ROWS, SETUPS
from .site import ROOT, Works


@click.command(help=__doc__)
@click.option("--framework", "frameworks", multiple=True, type=click.Choice(list(FRAMEWORKS)))
@click.option("--row", "rows", multiple=True, type=click.Choice([row.name for row in ROWS]))
@click.option("--base-only", is_flag=True, help="Leave out how the rows scale.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=2, show_default=True, help="Of each load.")
@click.option("--json", "file", type=click.Path(path_type=Path))
@click.option("--plot", type=click.Path(path_type=Path), help="Needs matplotlib.")
def main(
    frameworks: tuple[str, ...],
    rows: tuple[str, ...],
    base_only: bool,
    rounds: int,
    seconds: int,
    file: Path | None,
    plot: Path | None,
) -> None:
    check_machine()
    if plot and not find_spec("matplotlib"):
        raise click.ClickException("--plot needs matplotlib: pip install -e '.[benchmark]'")
    chosen = tuple(row for row in ROWS if not rows or row.name in rows)
    plan = Plan((BASE,) if base_only else (BASE, *SETUPS), chosen, rounds, seconds)
    frameworks = frameworks or tuple(FRAMEWORKS)
    results: list[report.Result] = []
    memory: dict[str, Memory] = {}
    for framework in frameworks:
        label = f"{framework:8}"
        with (
            works(framework) as made,
            click.progressbar(length=plan.loads(), label=label, item_show_func=str) as bar,
        ):
            series, memory[framework] = run(plan, made, lambda what, bar=bar: bar.update(1, what))
        results += [report.summarize(framework, one) for one in series]
        mine = [one for one in results if one.framework == framework]
        click.echo(f"\n{framework}\n{report.first_table(mine)}\n")
        click.echo(report.memory_line(memory[framework]))
        if not base_only:
            click.echo(f"\n{report.second_table(mine)}")
    click.echo(f"\n{report.bars(results)}")
    if file:
        text = json.dumps(report.as_json(results, memory), indent=2)
        file.write_text(text + "\n", encoding="utf-8")
    if plot:
        report.plot(results, plot)


def check_machine() -> None:
    for program in ("wrk", "taskset"):
        if not shutil.which(program):
            raise click.ClickException(f"{program} is missing; Debian has it as a package")
    if len(os.sched_getaffinity(0)) < 2:
        raise click.ClickException("the server and the load need a core each")
    # So that servers and databases go, whoever ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


@contextmanager
def works(framework: str) -> Iterator[Works]:
    """Generate the framework's project, for this Python; drop its databases in the end."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    chosen = {"framework": framework, "database": "postgres", "python_version": python}
    answers = complete(
        load_catalog(ROOT), "shop", options=chosen, assigned={}, file={}, resources=()
    )
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        render(answers, folder / "shop")
        bounds = FRAMEWORKS[framework]
        project = Project(folder / "shop", environment(framework, folder / "shop", bounds.packages))
        databases = PostgreSQL(folder)
        try:
            yield Works(project, bounds, databases, folder)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
