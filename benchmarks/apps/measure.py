"""Rounds of loads, one right after the other, so that a busy machine slows all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from . import processes
from .rows import BASE, Kind, Row, Setup
from .site import Sample, Site, Works, open_site

Sites = dict[Kind, Site]
Step = Callable[[str], None]


@dataclass(frozen=True)
class Round:
    """The project, its bound, and the project in the base setup."""

    project: Sample
    bound: Sample
    base: Sample


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
        each = len(self.rows) * (self.rounds + 1)
        return sum(each * (2 if setup == BASE else 3) for setup in self.setups)


def run(plan: Plan, works: Works, step: Step) -> tuple[list[Series], Memory]:
    """Measure everything; `step` is told what is measured next."""
    found: list[Series] = []
    with ExitStack() as stack:
        base = open_sites(works, BASE, stack)
        for setup in plan.setups:
            with ExitStack() as own:
                shared = setup.same_site() == BASE.same_site()
                sites = base if shared else open_sites(works, setup, own)
                found += measure(plan, setup, sites, base["project"], step)
        after = processes.memory(base["project"].session)
    return found, Memory(base["project"].idle_memory, base["hello"].idle_memory, after)


def open_sites(works: Works, setup: Setup, stack: ExitStack) -> Sites:
    kinds: tuple[Kind, ...] = ("project", "hello", "raw")
    return {kind: stack.enter_context(open_site(works, kind, setup)) for kind in kinds}


def measure(plan: Plan, setup: Setup, sites: Sites, base: Site, step: Step) -> Iterator[Series]:
    """Yield a series for each row; the first round only warms up."""
    found = [Series(setup, row) for row in plan.rows]
    for number in range(plan.rounds + 1):
        for series in found:
            samples = []
            for site, circumstances in (
                (sites["project"], setup),
                (sites[series.row.bound], setup),
                (base, BASE),
            )[: 2 if setup == BASE else 3]:
                step(f"{series.row.name}, {setup.name}")
                samples.append(site.measure(series.row, circumstances.connections, plan.seconds))
            if number:
                series.rounds.append(Round(samples[0], samples[1], samples[-1]))
    yield from found
