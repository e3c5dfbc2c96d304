"""Few rows in which every two values occur together, or whatever else the goals are."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Row = TypeVar("Row")
Picks = Mapping[str, str]
Pair = frozenset[tuple[str, str]]

TRIES = 20


def covering(rows: Sequence[Row], goals: Callable[[Row], Iterable[Hashable]]) -> list[Row]:
    """Return few of `rows` that reach all goals that any of them reaches; the first of equals.

    There is one where there are rows without goals.
    """
    reached = [frozenset(goals(row)) for row in rows]
    missing = set().union(*reached)
    chosen = list(rows[:1]) if rows and not missing else []
    while missing:
        best = max(range(len(rows)), key=lambda number: len(reached[number] & missing))
        missing -= reached[best]
        chosen.append(rows[best])
    return chosen


def pairs(picks: Picks) -> set[Pair]:
    """Return every two of the picks."""
    return {frozenset(two) for two in itertools.combinations(picks.items(), 2)}


def rows_of_pairs(
    axes: Mapping[str, Sequence[str]], is_allowed: Callable[[Picks], bool], seed: str
) -> list[dict[str, str]]:
    """Return rows of a space that is too large to list, in which every allowed pair occurs.

    `is_allowed` also judges rows that are not complete: for them it says whether what is there
    rules them out. A pair that no tried row can have is left out.
    """
    dice = random.Random(seed)  # noqa: S311 (a seed makes it repeatable)
    missing = [
        {a: x, b: y}
        for a, b in itertools.combinations(axes, 2)
        for x in axes[a]
        for y in axes[b]
        if is_allowed({a: x, b: y})
    ]
    if len(axes) == 1:
        return [{name: value} for name in axes for value in axes[name] if is_allowed({name: value})]
    open_pairs = {frozenset(pair.items()) for pair in missing}
    rows = []
    for pair in missing:
        if frozenset(pair.items()) in open_pairs:
            row = _completed(pair, axes, is_allowed, open_pairs, dice)
            if row is not None:
                rows.append(row)
                open_pairs -= pairs(row)
    return rows


def _completed(
    start: Picks,
    axes: Mapping[str, Sequence[str]],
    is_allowed: Callable[[Picks], bool],
    open_pairs: set[Pair],
    dice: random.Random,
) -> dict[str, str] | None:
    """Return a whole row with the picks in `start`; None where none was found."""
    rest = [name for name in axes if name not in start]
    for _ in range(TRIES):
        row = dict(start)
        dice.shuffle(rest)
        for name in rest:
            best = max(
                (value for value in axes[name] if is_allowed({**row, name: value})),
                key=lambda value: (_gain(row, name, value, open_pairs), dice.random()),
                default=None,
            )
            if best is None:
                break
            row[name] = best
        else:
            return {name: row[name] for name in axes}
    return None


def _gain(row: Picks, name: str, value: str, open_pairs: set[Pair]) -> int:
    return sum(frozenset([(name, value), other]) in open_pairs for other in row.items())
