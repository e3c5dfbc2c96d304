"""Steps of projects as tests: taken, or known to pass."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.validate.known import Proofs, Tree
from tests.contract.server import Project
from tests.plugin import STEP

from .live import live
from .machine import PROOFS
from .steps import Bench, StepError, key


@dataclass(frozen=True)
class Subject:
    """A project whose steps are taken: its files, and the programs of an environment for it."""

    name: str
    framework: str
    database: str
    tree: Tree
    programs: Path


def prove(
    request: pytest.FixtureRequest, subject: Subject, step: str, folder: Path, postgres: str | None
) -> None:
    """Take a step of a project in a new folder, unless it is known to pass with all it reads."""
    project = Project(folder, subject.programs)
    bench = Bench(subject.name, project, subject.framework, subject.database, postgres)
    if postgres is None and bench.needs_postgres(step):
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    tree = live(subject.tree)

    def on_these_files() -> None:
        for path, content in tree.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        bench.take(step)

    what = f"{step} of {subject.name}"
    proofs = Proofs(PROOFS, again=request.config.option.everything)
    start, failure = time.monotonic(), ""
    try:
        known = proofs.prove(key(step, bench, tree), what, on_these_files)
    except StepError as error:
        failure = str(error)
    if failure:
        pytest.fail(failure, pytrace=False)
    request.node.user_properties.append((STEP, (what, known, time.monotonic() - start)))
