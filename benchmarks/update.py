"""How long a project's updates take, beside what else could make them.

    python -m benchmarks.update [--rounds 10] [--projects 50] [--bin .venv/bin] [--json FILE]

The project is this checkout's newest release's, updated to a version that differs in a few files.
Ratios are taken and shown as in benchmarks.new.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.new import ROOT, Ratio, compare, environment
from generator.versions.release import release

RATIOS = (
    Ratio("scaffold update / copier update", "scaffold update", "copier update", 0.4),
    Ratio("scaffold status / git status + render", "scaffold status", "status + render", 1.5),
)
FLEET = Ratio("fleet update, one worker / two", "one worker", "two workers", 1.7)


@click.command(help=__doc__)
@click.option("--rounds", default=10, show_default=True)
@click.option("--projects", default=50, show_default=True, help="Projects of the fleet.")
@click.option("--bin", "programs", default=ROOT / ".venv" / "bin", type=click.Path(path_type=Path))
@click.option("--json", "file", type=click.Path(path_type=Path))
def main(rounds: int, projects: int, programs: Path, file: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        bench = Bench(Path(folder), programs.absolute())
        seconds = bench.measure(rounds)
        results = [compare(ratio, seconds) for ratio in RATIOS]
        if projects:
            results.append(compare(FLEET, bench.measure_fleet(projects, 2)))
    click.echo(f"{'':38}{'ratio':>7}  {'quartiles':13}{'goal':>5}   seconds")
    for r in results:
        spread = f"{r.low:.2f} - {r.high:.2f}"
        times = f"{r.seconds:.3f} / {r.against_seconds:.3f}"
        click.echo(f"{r.name:38}{r.ratio:7.2f}  {spread:13}{r.goal:5.1f}   {times}")
    if file:
        report = {"rounds": rounds, "results": [asdict(result) for result in results]}
        file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


class Bench:
    """A template with two versions, a project at the first, and programs that update it."""

    def __init__(self, work: Path, programs: Path) -> None:
        self.work, self.programs = work, programs
        self.env = environment(work / "home") | {"PYTHONPATH": str(work / "checkout")}
        self.project = work / "shop"
        root = work / "checkout"
        root.mkdir()
        for name in ("copier.yml", "scaffold.yml"):
            shutil.copy(ROOT / name, root)
        for name in ("generator", "templates"):
            shutil.copytree(ROOT / name, root / name)
        release(root, "v1.0.0")
        self.run(work, "scaffold", "new", "shop", "--framework", "fastapi", "--yes")
        readme = root / "templates" / "fastapi" / "README.md.jinja"
        readme.write_text(readme.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
        health = root / "templates" / "fastapi" / "app" / "core" / "health.py"
        health.write_text("# Changed.\n" + health.read_text(encoding="utf-8"), encoding="utf-8")
        release(root, "v1.1.0")
        self.run(self.project, "scaffold", "status")  # stores the second version

    def run(self, folder: Path, program: str, *arguments: str) -> None:
        code = "from generator.cli.main import main; main()"
        command = {
            "scaffold": [str(self.programs / "python"), "-c", code],
            "copier": [str(self.programs / "copier")],
            "git": ["git"],
        }[program]
        subprocess.run(
            [*command, *arguments], cwd=folder, env=self.env, check=True, capture_output=True
        )

    def measure(self, rounds: int) -> dict[str, list[float]]:
        """Return the seconds of each way in each round, after one round that warms up."""

        def status_and_render(project: Path) -> None:
            self.run(project, "git", "status")
            self.run(project.parent, "scaffold", "new", "other", "--yes", "--dry-run")

        ways: dict[str, Callable[[Path], None]] = {
            "scaffold update": lambda project: self.run(project, "scaffold", "update"),
            "copier update": lambda project: self.run(project, "copier", "update", "--defaults"),
            "scaffold status": lambda project: self.run(project, "scaffold", "status"),
            "status + render": status_and_render,
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, way in ways.items():
                with tempfile.TemporaryDirectory(dir=self.work) as folder:
                    project = Path(folder) / "shop"
                    shutil.copytree(self.project, project)
                    start = time.perf_counter()
                    way(project)
                    taken = time.perf_counter() - start
                if number:
                    seconds[name].append(taken)
        return seconds

    def measure_fleet(self, projects: int, rounds: int) -> dict[str, list[float]]:
        seconds: dict[str, list[float]] = {"one worker": [], "two workers": []}
        for _ in range(rounds):
            for workers, taken in enumerate(seconds.values(), start=1):
                with tempfile.TemporaryDirectory(dir=self.work) as folder:
                    for number in range(projects):
                        shutil.copytree(self.project, Path(folder) / f"shop{number}")
                    start = time.perf_counter()
                    arguments = ("fleet", "update", ".", "--workers", str(workers))
                    self.run(Path(folder), "scaffold", *arguments)
                    taken.append(time.perf_counter() - start)
        return seconds


if __name__ == "__main__":
    main()
