"""Tiers 1 and 2: the commands of a few variants, in shared environments or from nothing."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from generator.errors import UsageError, did_you_mean
from generator.tree import EXECUTABLE, SYMLINK, File, Tree, matching
from generator.validate import known
from generator.validate.config import Config, Environment
from generator.validate.environments import EnvironmentFailure, NoPythonError, Workshop, variables
from generator.validate.known import Proofs
from generator.validate.proving import Bench, Step, applies, key, live, settings, steps_of
from generator.validate.results import Progress, Result, State, Tell
from generator.validate.space import Variant

MOST_NAME = 100
ENVIRONMENT = "environment"
LOOK_SECONDS = 1  # how often it is told what is running


@dataclass
class Line:
    """Runs the steps of variants, several at a time; `running` names what is being done."""

    tier: int
    config: Config
    steps: Sequence[Step]
    root: Path
    work: Path
    cache: Path
    proofs: Proofs
    tell: Tell
    stop: threading.Event = field(default_factory=threading.Event)
    running: list[str] = field(default_factory=list)

    def run(
        self, renders: Mapping[Variant, Tree], among: Mapping[Variant, Tree], jobs: int
    ) -> Iterator[Result]:
        """Yield how the steps of each of `renders` end, with at most so many `jobs` at a time.

        `among` are all that may share an environment. Leaving the loop ends what runs.
        """
        pool = ThreadPoolExecutor(jobs)
        futures = [
            pool.submit(self._of_variant, variant, tree, among) for variant, tree in renders.items()
        ]
        left = set(futures)
        try:
            while left:
                number = len(futures) - len(left)
                self.tell(Progress(f"tier {self.tier}", number, len(futures), list(self.running)))
                done, left = wait(left, LOOK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        finally:
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _of_variant(
        self, variant: Variant, tree: Tree, among: Mapping[Variant, Tree]
    ) -> list[Result]:
        steps = [step for step in self.steps if applies(step.command, variant)]
        files = live(tree, self.config)
        try:
            environment = self._environment(variant, tree, among)
        except NoPythonError as error:
            skipped = error.message
            return [
                Result(variant.name, self.tier, step.command.name, State.SKIPPED, 0, skipped)
                for step in steps
            ]
        except EnvironmentFailure as error:
            text = f"its environment could not be made: {error.message}"
            failed = Result(variant.name, self.tier, ENVIRONMENT, State.FAILED, 0, text)
            return [Result(**{**vars(failed), "output": error.output})]
        return [self._taken(step, variant, tree, files, environment) for step in steps]

    def _environment(
        self, variant: Variant, tree: Tree, among: Mapping[Variant, Tree]
    ) -> Path | None:
        wanted = self.config.environment
        if wanted is None:
            return None
        python = Template(wanted.python).safe_substitute(variant.given)
        shop = Workshop(wanted, self.cache / "environments", self.stop, python)
        project = self._written(variant, tree, "environment")
        if not self._is_shared():
            place = self.work / slug(variant.name) / "env"
            shop.folder.mkdir(parents=True, exist_ok=True)
            shop.make(place, [project])
            return place
        group = self._group(variant, among, wanted) if wanted.by else {variant: tree}
        projects = {
            project if other == variant else self._written(other, files, "environment"): files
            for other, files in group.items()
        }
        return shop.shared(project, tree, projects)

    def _group(
        self, variant: Variant, among: Mapping[Variant, Tree], wanted: Environment
    ) -> dict[Variant, Tree]:
        """Return one variant for each different way to depend on something, in this group."""
        found: dict[tuple[bytes, ...], tuple[Variant, Tree]] = {}
        for other, tree in among.items():
            if all(other.picks.get(q) == variant.picks.get(q) for q in wanted.by):
                names = sorted(matching(wanted.depends_on, tree))
                found.setdefault(tuple(tree[n].content for n in names), (other, tree))
        return dict(found.values())

    def _taken(
        self,
        step: Step,
        variant: Variant,
        tree: Tree,
        files: Mapping[str, bytes],
        environment: Path | None,
    ) -> Result:
        name, what = step.command.name, f"{step.command.name} of {variant.name}"
        if self.stop.is_set():
            return Result(variant.name, self.tier, name, State.LEFT)
        # What is installed in an environment of its own may be the project itself, in its place.
        own = environment is not None and not self._is_shared()
        project = self._place(variant, "environment" if own else name)
        env = {**variables(environment), **settings(variant, project, self.root)}
        packages = known.frozen(Path(env["BIN"])) if environment else ()
        proof = key(step, files, packages, self.root, env)
        if self.tier != 2 and self.proofs.knows(proof):
            return Result(variant.name, self.tier, name, State.KNOWN)
        if not own:
            write({path: tree[path] for path in files}, project)
        self.running.append(what)
        start = time.monotonic()
        try:
            done = step.take(Bench(variant, project, tree, env, self.stop))
        finally:
            self.running.remove(what)
        seconds = time.monotonic() - start
        if done.code == 0:
            self.proofs.remember(proof, what)
            return Result(variant.name, self.tier, name, State.PASSED, seconds)
        if self.stop.is_set():
            return Result(variant.name, self.tier, name, State.LEFT, seconds)
        limit = step.command.seconds
        how = f"exit code {done.code}" if done.code is not None else f"not done after {limit:g} s"
        text = f"{step.command.run}: {how}"
        return Result(variant.name, self.tier, name, State.FAILED, seconds, text, done.output)

    def _is_shared(self) -> bool:
        wanted = self.config.environment
        return wanted is not None and wanted.shared and self.tier != 2

    def _written(self, variant: Variant, tree: Mapping[str, File], step: str) -> Path:
        """Write a variant's files for a step, and return the folder of the project."""
        folder = self._place(variant, step)
        write(tree, folder)
        return folder

    def _place(self, variant: Variant, step: str) -> Path:
        name = slug(str(variant.given.get("project_name", "project")))
        return self.work / slug(variant.name) / slug(step) / name


def slug(text: str) -> str:
    """Return a name for a folder."""
    return re.sub(r"[^\w.=+-]", "-", text)[:MOST_NAME].strip(".") or "project"


def chosen_steps(config: Config, names: Sequence[str]) -> list[Step]:
    """Return the steps with these names, all where there are none; raises `UsageError`."""
    steps = steps_of(config.commands or (), config.server)
    known = [step.command.name for step in steps]
    for name in names:
        if name not in known:
            raise UsageError(f"There is no command {name}.", did_you_mean(name, known))
    return [step for step in steps if not names or step.command.name in names]


def write(tree: Mapping[str, File], folder: Path) -> None:
    """Write files into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, file in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == SYMLINK:
            place.symlink_to(file.content.decode())
            continue
        place.write_bytes(file.content)
        if file.mode == EXECUTABLE:
            place.chmod(0o755)
