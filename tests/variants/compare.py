"""The contract, sentence by sentence, and what a project of each framework makes of it.

    python -m tests.variants.compare

The exit code is 0 when every sentence that was tested holds everywhere, 1 when one does not, and
2 when a suite did not run.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from tests.contract.server import Project
from tests.contract.table import failures, summary, table

from .model import FRAMEWORKS, ROOT
from .steps import contract_command
from .workshop import environment

# Exit codes of pytest: its tests passed, or some failed.
RAN = (0, 1)
NOT_RUN = 2


@click.command(help=__doc__)
@click.option("--framework", "frameworks", multiple=True, type=click.Choice(FRAMEWORKS))
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite")
@click.option("--auth")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the table here, too.")
def main(frameworks: tuple[str, ...], file: Path | None, **options: str | None) -> None:
    folder = Path(tempfile.mkdtemp(prefix="scaffold-contract-"))
    chosen = frameworks or FRAMEWORKS
    # One after the other: while copier is imported, PATH is not what programs are found by.
    commands = [make(framework, folder, options) for framework in chosen]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(report, chosen, commands, [folder] * len(chosen)))
    reports = {name: data for name, data in zip(chosen, found, strict=True) if data is not None}
    for line in table(reports, shutil.get_terminal_size().columns):
        click.echo(line)
    for name, test in failures(reports):
        click.secho(f"failed in {name}: {test}", fg="red")
    click.echo(f"projects and what their suites said: {folder}")
    if file:
        file.write_text(json.dumps(summary(reports), indent=2, ensure_ascii=False) + "\n", "utf-8")
    raise SystemExit(NOT_RUN if len(reports) < len(chosen) else bool(failures(reports)))


def make(framework: str, folder: Path, options: dict[str, str | None]) -> list[str]:
    """Render a project of the framework; return how the suite is run against it."""
    chosen = {"framework": framework, **options}
    answers = complete(load_catalog(ROOT), "shop", options=chosen, assigned={}, file={})
    project = Project(folder / framework, environment(framework, answers["python_version"]))
    render(answers, project.directory)
    return contract_command(project, answers["database"])


def report(framework: str, command: list[str], folder: Path) -> dict[str, Any] | None:
    """Return the report of the suite, or nothing when it did not run."""
    file = folder / f"{framework}.json"
    options = ["--contract-report", str(file), "--tb=short"]
    result = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = result.stdout + result.stderr
    (folder / f"{framework}.log").write_text(said, "utf-8")
    if result.returncode not in RAN:
        click.secho(f"not run for {framework}:\n{said}", fg="red", err=True)
        return None
    return dict(json.loads(file.read_text("utf-8")))


if __name__ == "__main__":
    main()
