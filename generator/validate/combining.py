"""The combinations of a space that are tried: all, or those in which every two values occur."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.errors import UsageError
from generator.validate.covering import rows_of_pairs
from generator.validate.samples import SAMPLES
from generator.validate.space import Space, Variant, first_match


def combinations(space: Space, most: int, extra: int, seed: str) -> tuple[list[Variant], bool]:
    """Return the combinations that no rule forbids, and whether these are all of them.

    Of more than `most`, those in which every two values occur, and `extra` that `seed` picks.
    """
    rules = (*space.invalid, *space.left_out)

    def allowed(picks: Mapping[str, str]) -> bool:
        return first_match(rules, picks) is None

    rows = list(itertools.islice(allowed_picks(space), most + 1))
    complete = len(rows) <= most
    if not complete:
        axes = {name: list(values) for name, values in space.axes.items()}
        rows = rows_of_pairs(axes, allowed, seed)
        rows += _at_random(axes, allowed, extra, seed)
    if not rows:
        why = first_match(rules, space.defaults)
        raise UsageError(
            f"No combination is left: {why.why if why else 'every one is ruled out'}.",
            "Take a rule out of [[invalid]] or [[left_out]] in validate.toml.",
        )
    variants = {variant.name: variant for variant in map(space.variant, rows)}
    return list(variants.values()), complete


def allowed_picks(space: Space) -> Iterator[dict[str, str]]:
    """Yield every combination of words that no rule forbids."""
    rules = (*space.invalid, *space.left_out)

    def completed(picks: dict[str, str], left: Sequence[str]) -> Iterator[dict[str, str]]:
        if first_match(rules, picks):
            return
        if not left:
            yield picks
            return
        for picked in space.axes[left[0]]:
            yield from completed({**picks, left[0]: picked}, left[1:])

    yield from completed({}, list(space.axes))


def _at_random(
    axes: Mapping[str, Sequence[str]],
    allowed: Callable[[Mapping[str, str]], bool],
    count: int,
    seed: str,
) -> Iterator[dict[str, str]]:
    dice = random.Random(seed)  # noqa: S311 (a seed makes it repeatable)
    for _ in range(count):
        picks = {name: dice.choice(values) for name, values in axes.items()}
        if allowed(picks):
            yield picks


def samples(space: Space, base: Sequence[Variant]) -> list[Variant]:
    """Return variants with a hostile text each; `base` are the rest of their answers, in turn."""
    turns = itertools.cycle(base)
    return [
        Variant(
            f"{name}:{sample}",
            (rest := next(turns)).picks,
            {**rest.given, name: SAMPLES[sample]},
            f"{name}:{sample}",
        )
        for name, chosen in space.texts.items()
        for sample in chosen
    ]
