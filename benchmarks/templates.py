"""Updates of public templates' projects, beside `copier update` and `cruft update`.

    python -m benchmarks.templates FOLDER [--only NAME] [--bin .venv/bin] [--rounds 5]

FOLDER has clones of the templates in templates.toml, bare or not, as `owner+name` or
`owner+name/repo`; what is not there is skipped. Each project is made by the template's own tool,
gets a team's edits, and goes through some releases, once with scaffold and once with the other
tool. Hooks and extensions of the templates run, so read them first. Before the next release, what
is in conflict is resolved for the team's side. --rounds compares the tools' times as well.

Beside the program `scaffold`, --bin needs copier, cookiecutter, cruft, and the packages that the
templates' extensions need: copier-template-extensions, copier-templates-extensions, jinja2-git.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.new import ROOT, Ratio, compare, environment
from benchmarks.templates_table import CASES, COPIER, Case, Edit

OURS = "scaffold"
MARKS = re.compile(
    rb"^<<<<<<< .*?\n(.*?)^(?:\|\|\|\|\|\|\| .*?\n.*?^)?=======\n.*?^>>>>>>> .*?\n", re.M | re.S
)
GOALS = {"copier": 0.5, "cruft": 0.7}


@dataclass
class Count:
    """What the updates of one project did, summed over the releases."""

    conflicts: int = 0
    rejected: int = 0
    lost: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--only", default="", help="A part of a template's name.")
@click.option("--bin", "programs", default=ROOT / ".venv" / "bin", type=click.Path(path_type=Path))
@click.option("--rounds", default=0, help="How often each update is measured.")
def main(folder: Path, only: str, programs: Path, rounds: int) -> None:
    head = "new differs", "conflicts", ".rej", "lines lost", "files back", "failed"
    click.echo(f"{'':44}{'tool':10}" + "".join(f"{name:>13}" for name in head))
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            bench = Bench(case, Path(work), programs.absolute())
            if only not in case.repository or not bench.clone(folder):
                continue
            bench.make()
            differing = bench.differing() if case.is_compared else None
            for tool in (OURS, other(case)):
                row(case, tool, differing if tool == OURS else None, bench.updates(tool))
            if rounds:
                bench.measure(rounds)


def other(case: Case) -> str:
    return "copier" if case.engine == COPIER else "cruft"


def row(case: Case, tool: str, differing: list[str] | None, count: Count) -> None:
    name = f"{case.repository}{' (copier)' if case.engine == COPIER else ''}"
    same = "" if differing is None else len(differing)
    cells = (same, count.conflicts, count.rejected, len(count.lost), len(count.back))
    click.echo(
        f"{name:44}{tool:10}" + "".join(f"{cell!s:>13}" for cell in (*cells, len(count.failed)))
    )
    for path in differing or ():
        click.echo(f"    differs: {path}")
    for what in ("lost", "back", "failed"):
        for line in getattr(count, what):
            click.echo(f"    {what}: {line}")


class Bench:
    """One template, the project made of its first version, and programs that update it."""

    def __init__(self, case: Case, work: Path, programs: Path) -> None:
        self.case, self.work, self.programs = case, work, programs
        self.env = environment(work / "home") | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"
        }
        self.template = work / case.repository.rpartition("/")[2]
        self.project = work / "made" / "shop"

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=600,
            check=False,
        )

    def ok(self, folder: Path, *command: str) -> str:
        made = self.run(folder, *command)
        if made.returncode:
            raise click.ClickException(f"{' '.join(command)}:\n{made.stdout}{made.stderr}")
        return made.stdout

    def clone(self, folder: Path) -> bool:
        """Clone the template, so that it has a work tree; tell whether there is one."""
        place = folder.absolute() / self.case.repository.replace("/", "+")
        found = [path for path in (place / "repo", place) if path.is_dir()]
        if found:
            self.env |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            }
            self.ok(
                self.work, "git", "clone", "--quiet", "--shared", str(found[0]), self.template.name
            )
        return bool(found)

    def make(self) -> None:
        """Make the project by the template's own tool, commit it, and edit it as its team does."""
        self.project.parent.mkdir()
        self.render(self.project.parent, "cruft" if other(self.case) == "cruft" else "copier")
        self.commit(self.project, start=True)
        for edit in self.case.edits:
            write(self.project, edit)
        for old, new in self.case.renamed.items():
            (self.project / old).rename(self.project / new)
        for path in self.case.deleted:
            (self.project / path).unlink()
        self.commit(self.project)

    def render(self, out: Path, tool: str, *more: str) -> None:
        """Have a tool make a project called `shop` in the folder `out`."""
        # Cookiecutter takes a local repository as it is, whatever version is asked for.
        self.ok(self.template, "git", "checkout", "--quiet", self.case.versions[0])
        case, where = self.case, str(self.template)
        answers = [f"{name}={value}" for name, value in case.answers.items()]
        version = case.versions[0]
        command = {
            OURS: [
                OURS,
                "new",
                "shop",
                "--template",
                f"{where}@{version}",
                "--yes",
                "--trust",
                "--no-git",
            ],
            "copier": ["copier", "copy", "--defaults", "--trust", "--quiet", "--vcs-ref", version],
            "cookiecutter": ["cookiecutter", where, "--no-input"],
            "cruft": ["cruft", "create", where, "-y", "--checkout", version],
        }[tool]
        command += {
            OURS: [part for answer in answers for part in ("--set", answer)],
            "copier": [part for answer in answers for part in ("--data", answer)] + [where, "shop"],
            "cookiecutter": answers,
            "cruft": ["--extra-context", json.dumps(dict(case.answers))],
        }[tool]
        self.ok(out, *command, *more)
        made = next(out.iterdir())
        if made.name != "shop":  # the template has its own way to name a folder
            made.rename(out / "shop")

    def differing(self) -> list[str]:
        """Return the files that are not the same, byte for byte, as its own tool makes them."""
        case = self.case
        sides = [(OURS, ["--no-hooks"]), ("cookiecutter", ["--accept-hooks", "no"])]
        if case.engine == COPIER:
            sides = [(OURS, []), ("copier", [])]
        trees = []
        for tool, more in sides:
            out = self.work / f"equal-{tool}"
            out.mkdir()
            self.render(out, tool, *more)
            trees.append(contents(out / "shop"))
        one, two = trees
        return sorted(path for path in {*one, *two} if one.get(path) != two.get(path))

    def commit(self, project: Path, *, start: bool = False) -> None:
        if start:
            self.ok(project, "git", "init", "--quiet")
        self.ok(project, "git", "add", "--all", "--force")
        self.ok(project, "git", "commit", "--quiet", "--allow-empty", "--message", "Ours")

    def updates(self, tool: str) -> Count:
        """Update a copy of the project over all the releases, and count what happens."""
        project = self.work / tool / "shop"
        shutil.copytree(self.project, project, symlinks=True)
        count = Count()
        for version in self.case.versions[1:]:
            done = self.update(project, tool, version)
            if done.returncode not in (0, 3 if tool == OURS else 1) or "Traceback" in done.stderr:
                last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
                count.failed.append(f"{version}: {last}")
            self.count(project, count, version, reported(done.stdout) if tool == OURS else set())
            if tool == OURS and done.returncode == 3:
                self.ok(project, OURS, "update", "--continue")
            self.commit(project)
        return count

    def update(self, project: Path, tool: str, version: str) -> subprocess.CompletedProcess[str]:
        command = {
            OURS: ["update", "--trust", "--json", "--to", version],
            "copier": ["update", "--defaults", "--trust", "--quiet", "--vcs-ref", version],
            "cruft": ["update", "-y", "--checkout", version],
        }[tool]
        return self.run(project, tool, *command)

    def count(self, project: Path, count: Count, version: str, known: set[str]) -> None:
        """Count what an update left, and resolve it for the team's side."""
        case = self.case
        files = contents(project)
        text = b"\n".join(files.values()).decode(errors="replace")
        for edit in case.edits:
            for line in filter(str.strip, edit.lines.splitlines()):
                if line.strip() not in text and line.strip() not in " ".join(count.lost):
                    count.lost.append(f"{version}: {edit.path}: {line.strip()}")
        gone = [*case.deleted, *case.renamed]
        already = " ".join(count.back).split()
        count.back += [
            f"{version}: {path}" for path in gone if path in files and path not in already
        ]
        unmerged = self.ok(project, "git", "diff", "--name-only", "--diff-filter=U").splitlines()
        marked = [path for path, content in files.items() if MARKS.search(content)]
        count.conflicts += len({*unmerged, *marked, *known})
        for path in marked:
            (project / path).write_bytes(MARKS.sub(rb"\1", files[path]))
        for path in files:
            if path.endswith((".rej", ".orig")):
                count.rejected += path.endswith(".rej")
                (project / path).unlink()

    def measure(self, rounds: int) -> None:
        """Measure the first update by both tools in turn, without the template's hooks."""
        self.take_hooks_away()
        tools = (OURS, other(self.case))
        seconds: dict[str, list[float]] = {tool: [] for tool in tools}
        for number in range(rounds + 1):
            for tool in tools:
                copy = self.work / f"{tool}-{number}" / "shop"
                shutil.copytree(self.project, copy, symlinks=True)
                start = time.perf_counter()
                done = self.update(copy, tool, self.case.versions[1])
                if number and done.returncode in {0, 1, 3}:
                    seconds[tool].append(time.perf_counter() - start)
        name = f"{OURS} update / {tools[1]} update"
        r = compare(Ratio(name, *tools, GOALS[tools[1]]), seconds)
        times = f"{r.seconds:.2f} / {r.against_seconds:.2f} s"
        click.echo(
            f"    {name}: {r.ratio:.2f} ({r.low:.2f} - {r.high:.2f}), {times}, goal {r.goal}"
        )

    def take_hooks_away(self) -> None:
        """Make the template and the project anew, with the first two versions and no hooks."""
        plain = self.work / "plain"
        for version in self.case.versions[:2]:
            self.ok(self.template, "git", "checkout", "--quiet", version)
            history = plain / ".git"
            if history.exists():
                history.rename(self.work / "history")
                shutil.rmtree(plain)
            no_git = shutil.ignore_patterns(".git", "hooks")
            shutil.copytree(self.template, plain, symlinks=True, ignore=no_git)
            if (self.work / "history").exists():
                (self.work / "history").rename(history)
            self.commit(plain, start=not history.exists())
            self.ok(plain, "git", "tag", version)
        shutil.rmtree(self.template)
        plain.rename(self.template)
        shutil.rmtree(self.project.parent)
        self.make()


def reported(text: str) -> set[str]:
    """Return the files with conflicts, also those without marks, that scaffold's report names."""
    try:
        return {conflict["path"] for conflict in json.loads(text).get("conflicts", [])}
    except ValueError:
        return set()


def write(project: Path, edit: Edit) -> None:
    place = project / edit.path
    lines = place.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if edit.anchor in line), None)
    if at is None:
        raise click.ClickException(f"{edit.path} has no line with {edit.anchor}")
    own = [edit.lines.rstrip("\n") + "\n"]
    lines[at : at + 1] = own if edit.instead else [lines[at], *own]
    place.write_text("".join(lines), encoding="utf-8")


def contents(project: Path) -> dict[str, bytes]:
    """Return the files of a project; the record of cruft is none of the template's."""
    return {
        name: path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
        and not (name := path.relative_to(project).as_posix()).startswith(".git/")
        and name != ".cruft.json"
    }


if __name__ == "__main__":
    main()
