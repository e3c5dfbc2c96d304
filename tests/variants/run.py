"""Render the templates as they are now, and run what comes out.

    python -m tests.variants.run --resource "book title:str author:ref=user" --only own-tests

takes the options of `scaffold new`. The project stays in a folder of its own, to be looked at.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from tests.contract.databases import NoDatabaseError, PostgreSQL
from tests.contract.server import Project

from .model import ROOT
from .pythons import NoPythonError
from .steps import STEPS, Bench, StepError
from .workshop import environment

# What needs nothing but the project; the rest is for --only.
USUAL = [name for name in STEPS if name not in {"additions", "coverage", "new-field"}]


@click.command(help=__doc__)
@click.option("--framework")
@click.option("--database")
@click.option("--auth")
@click.option("--python-version")
@click.option("--docker/--no-docker", default=None)
@click.option("--ci")
@click.option("--resource", "resources", multiple=True)
@click.option("--only", multiple=True, type=click.Choice(list(STEPS)), help="Steps to take.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to; it is replaced.")
def main(
    resources: tuple[str, ...], only: tuple[str, ...], folder: Path | None, **options: Any
) -> None:
    catalog = load_catalog(ROOT)
    answers = complete(catalog, "shop", options=options, assigned={}, file={}, resources=resources)
    folder = folder or Path(tempfile.gettempdir()) / "scaffold-shop"
    shutil.rmtree(folder, ignore_errors=True)
    render(answers, folder)
    click.echo(folder)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as servers:
        try:
            programs = environment(answers["framework"], answers["python_version"])
        except NoPythonError as error:
            raise click.ClickException(str(error)) from None
        databases = find_postgres(Path(servers))
        address = databases.server if databases else None
        project = Project(folder, programs)
        bench = Bench("shop", project, answers["framework"], answers["database"], address)
        failed = take_steps(bench, list(only or USUAL))
        if databases:
            databases.close()
    raise SystemExit(1 if failed else 0)


def find_postgres(folder: Path) -> PostgreSQL | None:
    try:
        return PostgreSQL(folder)
    except NoDatabaseError as error:
        click.secho(str(error), fg="yellow", err=True)
        return None


def take_steps(bench: Bench, names: list[str]) -> int:
    """Return how many of the steps fail; each is reported when it is done."""
    skipped = [name for name in names if bench.postgres is None and bench.needs_postgres(name)]
    for name in skipped:
        click.secho(f"skipped  {name}: there is no PostgreSQL", fg="yellow")
    wanted = [name for name in names if name not in skipped]
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda name: not passes(bench, name), wanted))


def passes(bench: Bench, step: str) -> bool:
    start = time.perf_counter()
    try:
        bench.take(step)
    except StepError as error:
        click.secho(f"failed   {step} ({time.perf_counter() - start:.1f} s)\n{error}", fg="red")
        return False
    click.secho(f"passed   {step} ({time.perf_counter() - start:.1f} s)", fg="green")
    return True


if __name__ == "__main__":
    main()
