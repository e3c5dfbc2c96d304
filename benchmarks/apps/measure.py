"""Rounds of loads, one right after the other, so that a busy machine slows all of them alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .rows import Row
from .site import Sample, Site

Samples = dict[str, dict[str, list[Sample]]]
"""By row and site; samples with the same number are of one round."""


class DifferentAnswerError(RuntimeError):
    """A peer does not do the same work."""


def run(
    sites: list[Site], rows: tuple[Row, ...], rounds: int, seconds: int, step: Callable[[str], None]
) -> Samples:
    """Measure all rows on all sites; `step` is told what is measured next."""
    for row in rows:
        compare_answers(sites, row)
    found: Samples = {row.name: {site.name: [] for site in sites} for row in rows}
    # The first round only warms up.
    for number in range(rounds + 1):
        for row in rows:
            for site in sites:
                step(f"{row.name}, {site.name}")
                sample = site.measure(row, seconds)
                if number:
                    found[row.name][site.name].append(sample)
    return found


def compare_answers(sites: list[Site], row: Row) -> None:
    """Raise an error unless all sites answer with the same fields and as many objects."""
    project, *peers = sites
    expected = shape(project.ask(row))
    for peer in peers:
        if (found := shape(peer.ask(row))) != expected:
            raise DifferentAnswerError(f"{row.name}, {peer.name}: {found} instead of {expected}")


def shape(answer: Any) -> Any:
    """Return an answer with its texts left out, since ids and times differ."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in sorted(answer.items())}
    if isinstance(answer, list):
        return [shape(one) for one in answer]
    return "text" if isinstance(answer, str) else answer
