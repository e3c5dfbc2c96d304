"""Rounds of loads, one right after the other, so that a busy machine slows all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal

from . import processes
from .rows import BASE, Kind, Row, Setup
from .site import Sample, Site, Works, open_site

Sites = dict[Kind, Site]
Step = Callable[[str], None]


@dataclass(frozen=True)
class Round:
    """The project, its bound, the project in the base setup, and the framework with its ORM."""

    project: Sample
    bound: Sample
    base: Sample
    orm: Sample | None


@dataclass(frozen=True)
class Series:
    """All rounds of one row in one setup."""

    setup: Setup
    row: Row
    rounds: list[Round] = field(default_factory=list)


@dataclass(frozen=True)
class Memory:
    """Megabytes of the server with one idle worker, of the framework alone, and after the loads."""

    project: float
    hello: float
    after: float


@dataclass(frozen=True)
class Plan:
    """What is measured; the base setup is always among the setups, and the first one."""

    setups: tuple[Setup, ...]
    rows: tuple[Row, ...]
    rounds: int
    seconds: int

    def loads(self) -> int:
        """Return how often `run` takes a step."""
        each = sum(len(kinds(setup, row)) for setup in self.setups for row in self.rows)
        return each * (self.rounds + 1)


def run(plan: Plan, works: Works, step: Step) -> tuple[list[Series], Memory]:
    """Measure everything; `step` is told what is measured next."""
    found: list[Series] = []
    with ExitStack() as stack:
        base = open_sites(plan, works, BASE, stack)
        for setup in plan.setups:
            with ExitStack() as own:
                shared = setup.same_site() == BASE.same_site()
                sites = base if shared else open_sites(plan, works, setup, own)
                found += measure(plan, setup, sites, base["project"], step)
        after = processes.memory(base["project"].session)
    return found, Memory(base["project"].idle_memory, base["hello"].idle_memory, after)


def open_sites(plan: Plan, works: Works, setup: Setup, stack: ExitStack) -> Sites:
    """Start what the rows are measured on; in the base setup also whose memory is compared."""
    wanted = {kind for row in plan.rows for kind in kinds(setup, row) if kind != "base"}
    if setup == BASE:
        wanted |= {"project", "hello"}
    return {kind: stack.enter_context(open_site(works, kind, setup)) for kind in sorted(wanted)}


def kinds(setup: Setup, row: Row) -> tuple[Kind | Literal["base"], ...]:
    """Return what is put under load for a row: in the base setup, the base is the project."""
    if setup != BASE:
        return "project", row.bound, "base"
    return ("project", row.bound, "orm") if row.orm else ("project", row.bound)


def measure(plan: Plan, setup: Setup, sites: Sites, base: Site, step: Step) -> Iterator[Series]:
    """Yield a series for each row; the first round only warms up."""
    found = [Series(setup, row) for row in plan.rows]
    for number in range(plan.rounds + 1):
        for series in found:
            row = series.row
            samples: dict[str, Sample] = {}
            for kind in kinds(setup, row):
                step(f"{row.name}, {setup.name}")
                site, connections = (
                    (base, BASE.connections) if kind == "base" else (sites[kind], setup.connections)
                )
                samples[kind] = site.measure(row, connections, plan.seconds)
            if number:
                project = samples["project"]
                shared = samples.get("base", project)
                series.rounds.append(Round(project, samples[row.bound], shared, samples.get("orm")))
    yield from found
