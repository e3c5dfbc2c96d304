"""How long `scaffold new` takes, beside what else makes a project.

    python -m benchmarks.new [--rounds 15] [--bin .venv/bin] [--json FILE]

All commands of a round run one after the other, so that a busy machine slows them alike; the
ratio of each round is taken, and the median of those ratios counts. Bytecode is compiled on every
side. Without --bin, a fresh environment is made, which needs the package registry.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
Commands = dict[str, list[str]]


@dataclass(frozen=True)
class Ratio:
    """What is measured against what, and the most that their ratio should be."""

    name: str
    measured: str
    against: str
    goal: float


RATIOS = (
    Ratio("scaffold new / copier copy", "scaffold new", "copier copy", 0.5),
    Ratio("scaffold new / startproject", "scaffold new", "startproject", 2.0),
    Ratio("scaffold --help / import click", "scaffold --help", "import click", 1.5),
)


@dataclass(frozen=True)
class Result:
    """Seconds are medians; `low` and `high` are the quartiles of the ratio."""

    name: str
    seconds: float
    against_seconds: float
    ratio: float
    low: float
    high: float
    goal: float


@click.command(help=__doc__)
@click.option("--rounds", default=15, show_default=True)
@click.option("--bin", "programs", type=click.Path(path_type=Path, exists=True))
@click.option("--json", "file", type=click.Path(path_type=Path))
def main(rounds: int, programs: Path | None, file: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        work = Path(folder)
        programs = programs.absolute() if programs else fresh_environment(work / "venv")
        commands = commands_of(programs, tagged_template(work / "template"))
        seconds = measure(commands, rounds, environment(work / "home"), work)
    results = [compare(ratio, seconds) for ratio in RATIOS]
    click.echo(f"{'':32}{'ratio':>7}  {'quartiles':13}{'goal':>5}   seconds")
    for r in results:
        spread = f"{r.low:.2f} - {r.high:.2f}"
        times = f"{r.seconds:.3f} / {r.against_seconds:.3f}"
        click.echo(f"{r.name:32}{r.ratio:7.2f}  {spread:13}{r.goal:5.1f}   {times}")
    if file:
        report = {"rounds": rounds, "results": [asdict(result) for result in results]}
        file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def commands_of(programs: Path, template: Path) -> Commands:
    """Return the commands, each of which runs in an empty folder."""
    answers = ["--defaults", "--quiet", "--data", "project_name=shop"]
    return {
        "scaffold new": [str(programs / "scaffold"), "new", "shop", "--framework", "fastapi"],
        "copier copy": [str(programs / "copier"), "copy", *answers, str(template), "shop"],
        "startproject": [str(programs / "django-admin"), "startproject", "shop"],
        "scaffold --help": [str(programs / "scaffold"), "--help"],
        "import click": [str(programs / "python"), "-c", "import click"],
    }


def measure(
    commands: Commands, rounds: int, env: dict[str, str], work: Path
) -> dict[str, list[float]]:
    """Return the seconds of each command in each round, after one round that warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory(dir=work) as folder:
                start = time.perf_counter()
                subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
                taken = time.perf_counter() - start
            if number:
                seconds[name].append(taken)
    return seconds


def compare(ratio: Ratio, seconds: dict[str, list[float]]) -> Result:
    measured, against = seconds[ratio.measured], seconds[ratio.against]
    ratios = [one / other for one, other in zip(measured, against, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    medians = statistics.median(measured), statistics.median(against)
    return Result(ratio.name, *medians, middle, low, high, ratio.goal)


def fresh_environment(folder: Path) -> Path:
    """Install this checkout and Django, compiled, and return the folder of their programs."""
    install = ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(folder)]
    for arguments in (
        ["venv", "--quiet", "--python", sys.executable, str(folder)],
        [*install, str(ROOT), "django>=5.2"],
    ):
        subprocess.run([find_uv_bin(), *arguments], env=environment(None), check=True)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def tagged_template(folder: Path) -> Path:
    """Make a git repository of the template as it is now, tagged as a release."""
    folder.mkdir()
    shutil.copy(ROOT / "copier.yml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    who = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost"]
    for arguments in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*who, "commit", "--quiet", "-m", "template"],
        ["tag", "v1.0.0"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, env=environment(None), check=True)
    return folder


def environment(home: Path | None) -> dict[str, str]:
    """Return this environment with bytecode allowed, and with an engineer's home in `home`."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"}
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    if home:
        home.mkdir()
        identity = "[user]\n\tname = benchmark\n\temail = benchmark@localhost\n"
        (home / ".gitconfig").write_text(identity, encoding="utf-8")
        env |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    return env


if __name__ == "__main__":
    main()
