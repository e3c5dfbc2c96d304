"""What the rounds come to: medians and quartiles, as tables, bars, a plot and JSON."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .measure import Memory, Round, Series
from .rows import BASE

BAR = 40


@dataclass(frozen=True)
class Spread:
    """A median between its quartiles."""

    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.low:.2f}-{self.high:.2f})"


@dataclass(frozen=True)
class Result:
    """A series in figures: `share` by requests per second, `cpu_share` by processor time.

    `orm_share` is that of the framework with its ORM, where that was measured; `times_base` is the
    time of one request, as a multiple of that in the base setup.
    """

    framework: str
    setup: str
    row: str
    bound: str
    share: Spread
    cpu_share: Spread
    orm_share: Spread | None
    times_base: Spread
    per_second: float
    bound_per_second: float
    cpu: float
    bound_cpu: float
    p50: float
    p99: float
    errors: int


def summarize(framework: str, series: Series) -> Result:
    def spread(figure: Callable[[Round], float]) -> Spread:
        figures = [figure(one) for one in series.rounds]
        if len(figures) == 1:
            return Spread(*figures * 3)
        return Spread(*statistics.quantiles(figures, n=4, method="inclusive"))

    def middle(figure: Callable[[Round], float]) -> float:
        return statistics.median(map(figure, series.rounds))

    def orm_share(one: Round) -> float:
        assert one.orm is not None
        return one.project.per_second / one.orm.per_second

    return Result(
        framework,
        series.setup.name,
        series.row.name,
        series.row.bound,
        share=spread(lambda one: one.project.per_second / one.bound.per_second),
        cpu_share=spread(lambda one: one.bound.cpu / one.project.cpu),
        orm_share=spread(orm_share) if series.rounds[0].orm else None,
        times_base=spread(lambda one: one.base.per_second / one.project.per_second),
        per_second=middle(lambda one: one.project.per_second),
        bound_per_second=middle(lambda one: one.bound.per_second),
        cpu=middle(lambda one: one.project.cpu),
        bound_cpu=middle(lambda one: one.bound.cpu),
        p50=middle(lambda one: one.project.p50),
        p99=middle(lambda one: one.project.p99),
        errors=sum(one.project.errors for one in series.rounds),
    )


def first_table(results: list[Result]) -> str:
    """Tell of each row in the base setup what share of its bound it reaches."""
    lines = [
        f"{'':14}{'share':^18}{'of CPU time':^18}{'of the ORM':^18}{'req/s':>8}{'bound':>8}"
        f"{'CPU ms':>8}{'bound':>8}{'p50 ms':>8}{'p99':>7}{'errors':>7}"
    ]
    for one in results:
        if one.setup == BASE.name:
            lines.append(
                f"{one.row:14}{one.share!s:^18}{one.cpu_share!s:^18}"
                f"{'' if one.orm_share is None else str(one.orm_share):^18}{one.per_second:8.0f}"
                f"{one.bound_per_second:8.0f}{one.cpu:8.2f}{one.bound_cpu:8.2f}"
                f"{one.p50:8.1f}{one.p99:7.1f}{one.errors:7d}"
            )
    return "\n".join(lines)


def second_table(results: list[Result]) -> str:
    """Tell how each row changes when the setup does."""
    lines = [
        f"{'':40}{'times base':^18}{'share':^18}"
        f"{'req/s':>8}{'p50 ms':>8}{'p99/p50':>8}{'errors':>7}"
    ]
    for one in results:
        if one.setup != BASE.name:
            lines.append(
                f"{one.setup:26}{one.row:14}{one.times_base!s:^18}{one.share!s:^18}"
                f"{one.per_second:8.0f}{one.p50:8.1f}{one.p99 / one.p50:8.1f}{one.errors:7d}"
            )
    return "\n".join(lines)


def memory_line(memory: Memory) -> str:
    return (
        f"memory of one idle worker: {memory.project:.0f} MB, {memory.project / memory.hello:.2f} "
        f"times the framework with its ORM ({memory.hello:.0f} MB); {memory.after:.0f} MB after all"
    )


def bars(results: list[Result]) -> str:
    """Draw the shares of the base setup as text."""
    shares = [
        (f"{one.framework} {one.row}", one.share) for one in results if one.setup == BASE.name
    ]
    return "\n".join(
        f"{name:22}{'█' * round(share.middle * BAR):{BAR}}| {share.middle:.2f}"
        for name, share in shares
    )


def plot(results: list[Result], file: Path) -> None:
    """Draw the shares of the base setup; needs matplotlib."""
    from matplotlib.figure import Figure

    base = [one for one in results if one.setup == BASE.name]
    rows = list(dict.fromkeys(one.row for one in base))
    frameworks = list(dict.fromkeys(one.framework for one in base))
    axes = (figure := Figure(figsize=(8, 4), layout="constrained")).subplots()
    for number, framework in enumerate(frameworks):
        mine = {one.row: one.share for one in base if one.framework == framework}
        height = 0.8 / len(frameworks)
        axes.barh(
            [rows.index(row) + number * height for row in mine],
            [share.middle for share in mine.values()],
            height,
            xerr=[
                [share.middle - share.low for share in mine.values()],
                [share.high - share.middle for share in mine.values()],
            ],
            label=framework,
        )
    axes.set_yticks([index + 0.4 - 0.4 / len(frameworks) for index in range(len(rows))], rows)
    axes.invert_yaxis()
    axes.set_xlabel("requests per second, as a share of the bound")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.legend()
    figure.savefig(file)


def as_json(results: list[Result], memory: dict[str, Memory]) -> dict[str, Any]:
    return {
        "results": [asdict(one) for one in results],
        "memory": {framework: asdict(one) for framework, one in memory.items()},
    }
