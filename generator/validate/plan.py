"""Which variants there are, and which of them are run: the template judges every combination."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from generator.errors import UsageError
from generator.validate import combining
from generator.validate.choices import plain_answers
from generator.validate.config import Config, Covering
from generator.validate.covering import covering
from generator.validate.space import Space, Variant, first_match, required, space_of
from generator.validate.template import Answered, Subject

MOST_TRIES = 60
MOST_WRONG = 20
UNANSWERED = "It has neither choices nor a default."
V = TypeVar("V", bound=Variant)


@dataclass(frozen=True)
class Plan:
    """The variants of a template, which differ in what they are answered with.

    `wrong` says where the template and the rules in `validate.toml` do not agree. The combinations
    are all there are if it is `complete`.
    """

    space: Space
    variants: Sequence[Variant]
    hostile: Sequence[Variant]
    wrong: Sequence[tuple[str, str]]
    counts: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True


def plan_of(subject: Subject, config: Config, seed: str, jobs: int) -> Plan:
    """Return the plan for a template; raises `UsageError`."""
    space = space_for(subject, config)
    most = config.covering.combinations
    rows, complete = combining.combinations(space, most, most // 20, seed)
    answered = list(subject.answered(rows, jobs))
    refused = [one for one in answered if one.refused]
    variants = _different(answered)
    if not variants:
        raise UsageError(
            f"The template refuses all combinations: {refused[0].refused}",
            "Give it answers that it takes in validate.toml: [answers].",
        )
    wrong = [(one.variant.name, f"the template refuses it: {one.refused}") for one in refused]
    wrong = [*(wrong if config.invalid else []), *_taken_although_invalid(subject, space, jobs)]
    base = covering(variants, lambda variant: variant.picks.items())
    counts = {
        "combinations": space.size,
        "ruled_out": space.size - len(rows) if complete else 0,
        "refused": len(refused),
        "variants": len(variants),
    }
    hostile = combining.samples(space, base)
    return Plan(space, variants, hostile, wrong[:MOST_WRONG], counts, complete)


def space_for(subject: Subject, config: Config) -> Space:
    """Return the space of a template, with an answer to each question that has no default.

    Plain texts are tried until the template takes one. Raises `UsageError`.
    """
    asked = subject.asked()
    space = space_of(asked, config)
    by_name = {question.name: question for question in asked}
    needed = {name: iter(plain_answers(by_name[name])) for name in required(asked, space)}
    fixed = {name: _next(name, values) for name, values in needed.items()}
    for _ in range(MOST_TRIES):
        tried = replace(space, fixed={**space.fixed, **fixed})
        picks = next(combining.allowed_picks(space), {})
        (one,) = subject.answered([tried.variant(picks)], 1)
        at_fault = _question_in(one, [*fixed, *space.texts])
        if not one.refused or not at_fault:
            return tried
        values = needed.setdefault(at_fault, iter(plain_answers(by_name[at_fault])))
        fixed[at_fault] = _next(at_fault, values, one.refused)
    return space


def _next(name: str, values: Iterator[Any], why: str = UNANSWERED) -> Any:
    for value in values:
        return value
    raise UsageError(
        f"The question {name} has no answer to try. {why}",
        f'Give it one in validate.toml: [answers] {name} = "...".',
    )


def _question_in(one: Answered, names: Sequence[str]) -> str:
    return next((name for name in names if re.search(rf"\b{name}\b", one.refused)), "")


def _different(answered: Sequence[Answered]) -> list[Variant]:
    """Return variants with different answers; picks that the answers leave out do not count."""
    found: dict[str, Variant] = {}
    for one in answered:
        if one.refused:
            continue
        known = json.dumps(one.answers, sort_keys=True, default=str)
        picks = {n: word for n, word in one.variant.picks.items() if n in one.answers}
        found.setdefault(known, replace(one.variant, picks=picks))
    return list(found.values())


def _taken_although_invalid(subject: Subject, space: Space, jobs: int) -> Iterator[tuple[str, str]]:
    """Yield the combinations that `[[invalid]]` rules out, and the template takes."""
    if not space.invalid:
        return
    picks = [p for p in _invalid_picks(space) if first_match(space.invalid, p)]
    variants = [space.variant(one) for one in picks]
    for one in subject.answered(variants, jobs):
        rule = first_match(space.invalid, one.variant.picks)
        if not one.refused and rule:
            yield one.variant.name, f"the template takes it, although {rule.why}"


def _invalid_picks(space: Space) -> Iterator[dict[str, str]]:
    """Yield each combination of values in a rule, the other questions at their defaults."""
    for rule in space.invalid:
        named = [n for n in space.axes if n in rule.when]
        for row in itertools.product(*(rule.when[name] for name in named)):
            yield {**space.defaults, **dict(zip(named, row, strict=True))}


def to_run(plan: Plan, config: Config, seed: str) -> list[Variant]:
    """Return a few variants in which every two values occur together, and some at random."""
    return chosen(runnable(plan), config.covering, seed)


def runnable(plan: Plan) -> list[Variant]:
    """Return the variants that may be run."""
    return [v for v in plan.variants if not first_match(plan.space.rendered_only, v.picks)]


def chosen(variants: Sequence[V], wanted: Covering, seed: str) -> list[V]:
    """Return those of the variants in which every two values occur together, and some at random."""
    few = covering(variants, lambda variant: _goals(variant.picks, wanted))
    dice = random.Random(seed)  # noqa: S311 (a seed makes it repeatable)
    rest = [variant for variant in variants if variant not in few]
    return [*few, *dice.sample(rest, min(wanted.random, len(rest)))]


def _goals(picks: Mapping[str, str], wanted: Covering) -> Iterator[Hashable]:
    """Yield what a variant reaches: pairs of values, and what is wanted besides."""
    endings = wanted.endings
    picks = {
        name: next((word.removesuffix(end) for end in endings if word.endswith(end)), word)
        for name, word in picks.items()
    }
    free = [item for item in picks.items() if item[0] not in wanted.alone]
    yield from picks.items()
    yield from itertools.combinations(free, 2)
    for names in wanted.together:
        yield tuple((name, picks.get(name)) for name in names)
