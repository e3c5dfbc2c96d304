"""What the rounds come to, as the tables of docs/performance.md and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from .measure import Samples
from .site import Sample


@dataclass(frozen=True)
class Result:
    """One framework: its samples, and the memory of each server; the project is the first."""

    framework: str
    samples: Samples
    memory: dict[str, float]


def tables(result: Result) -> str:
    speed = ratio_table(result, "times as many requests", lambda ours: ours.per_second)
    work = ratio_table(result, "times as little processor time", lambda ours: 1 / ours.cpu)
    return f"{speed_table(result)}\n\n{speed}\n\n{work}"


def speed_table(result: Result) -> str:
    """Tell the requests per second of each server, and the memory that it held in the end."""
    lines = []
    for site, megabytes in result.memory.items():
        cells = [f"{per_second(sites[site]):.0f}" for sites in result.samples.values()]
        lines.append([f"**{site}**" if not lines else site, *cells, f"{megabytes:.0f}"])
    return markdown(["requests per second", *result.samples, "MB"], lines)


def ratio_table(result: Result, title: str, figure: Callable[[Sample], float]) -> str:
    """Compare the project with each peer: the median of the rounds' ratios."""
    project, *peers = result.memory

    def ratio(sites: dict[str, list[Sample]], peer: str) -> str:
        pairs = zip(sites[project], sites[peer], strict=True)
        return f"{statistics.median(figure(ours) / figure(theirs) for ours, theirs in pairs):.2f}"

    lines = [[peer, *(ratio(sites, peer) for sites in result.samples.values())] for peer in peers]
    return markdown([f"{title} as", *result.samples], lines)


def per_second(samples: list[Sample]) -> float:
    return statistics.median(sample.per_second for sample in samples)


def markdown(head: list[str], lines: list[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def warnings(result: Result) -> list[str]:
    """Tell which loads ended in errors."""
    return [
        f"{row}, {site}: {errors} errors"
        for row, sites in result.samples.items()
        for site, samples in sites.items()
        if (errors := sum(sample.errors for sample in samples))
    ]


def as_json(results: list[Result]) -> list[dict[str, Any]]:
    return [asdict(result) for result in results]
