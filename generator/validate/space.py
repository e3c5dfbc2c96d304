"""The variants of a template: which answers its questions get, and in which combinations."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.render.described import Asked
from generator.validate.choices import DEFAULT, is_asked, values_of
from generator.validate.config import Config, Rule, fits
from generator.validate.samples import SAMPLES


@dataclass(frozen=True)
class Variant:
    """A combination: the word of the value that each question has, and the answers that are given.

    A variant with a `sample` has a hostile text as one of the answers.
    """

    name: str
    picks: Mapping[str, str] = field(compare=False)
    given: Mapping[str, Any] = field(compare=False)
    sample: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Space:
    """All that could be tried: the values of each question by their words, and the rules.

    `fixed` are answers that every variant has, `texts` the questions in free text with the
    samples that each is tried with.
    """

    axes: Mapping[str, Mapping[str, Any]]
    fixed: Mapping[str, Any]
    texts: Mapping[str, Sequence[str]]
    invalid: Sequence[Rule]
    left_out: Sequence[Rule]
    rendered_only: Sequence[Rule]
    defaults: Mapping[str, str]

    @property
    def size(self) -> int:
        """How many combinations there are, valid or not."""
        return math.prod(len(values) for values in self.axes.values())

    def variant(self, picks: Mapping[str, str]) -> Variant:
        """Return the combination of these words."""
        values = {name: self.axes[name][picked] for name, picked in picks.items()}
        return Variant(self.name(picks), picks, {**self.fixed, **values})

    def name(self, picks: Mapping[str, str]) -> str:
        """Return a name of the values that are not the defaults."""
        counts = Counter(itertools.chain.from_iterable(self.axes.values()))
        words = []
        for name, picked in picks.items():
            if picked == self.defaults.get(name):
                continue
            is_plain = counts[picked] == 1 and picked not in {"yes", "no"}
            is_on = picked == "yes" and self.axes[name][picked] is True
            words.append(picked if is_plain else name if is_on else f"{name}={picked}")
        return "+".join(words) or DEFAULT


def first_match(rules: Iterable[Rule], picks: Mapping[str, str]) -> Rule | None:
    """Return the first of the rules of a space that the picks fall under."""
    return next((rule for rule in rules if rule.matches(picks)), None)


def _in_words(rules: Iterable[Rule], axes: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules with the words of all values that they mean."""
    return tuple(
        replace(
            rule,
            when={
                name: tuple(
                    word
                    for word, value in axes.get(name, {}).items()
                    if fits(word, meant) or fits(value, meant)
                )
                for name, meant in rule.when.items()
            },
        )
        for rule in rules
    )


def space_of(asked: Sequence[Asked], config: Config) -> Space:
    """Return the space of a template's questions; raises `UsageError` for what is not there."""
    names = [question.name for question in asked]
    for name in (*config.questions, *config.answers, *_of_rules(config)):
        if name not in names:
            where = config.path.name if config.path else "It"
            raise UsageError(
                f"{where} names the question {name!r}, which the template does not ask.",
                did_you_mean(name, names),
            )
    axes: dict[str, dict[str, Any]] = {}
    texts: dict[str, Sequence[str]] = {}
    for question in asked:
        own = config.questions.get(question.name)
        if question.name in config.answers:
            if own and own.samples:
                texts[question.name] = own.samples
            continue
        values = own.values if own and own.values is not None else values_of(question)
        if values:
            axes[question.name] = dict(values)
        elif own and own.values is not None:
            raise UsageError(
                f"The question {question.name} has no values to try.",
                f"Give it values in validate.toml: [questions] {question.name} = [...].",
            )
        elif question.type == "str" and not question.secret and is_asked(question):
            samples = own.samples if own and own.samples is not None else tuple(SAMPLES)
            _check_samples(question.name, samples)
            texts[question.name] = samples
    defaults = {name: _default(asked, name, axes[name]) for name in axes}
    rules = (config.invalid, config.left_out, config.rendered_only)
    invalid, left_out, rendered_only = (_in_words(some, axes) for some in rules)
    return Space(axes, dict(config.answers), texts, invalid, left_out, rendered_only, defaults)


def _of_rules(config: Config) -> Iterator[str]:
    for rule in (*config.invalid, *config.left_out, *config.rendered_only):
        yield from rule.when
    yield from config.covering.alone
    for together in config.covering.together:
        yield from together


def _check_samples(name: str, samples: Sequence[str]) -> None:
    for sample in samples:
        if sample not in SAMPLES:
            raise UsageError(
                f"The question {name} has no sample {sample!r}.",
                did_you_mean(sample, list(SAMPLES)),
            )


def _default(asked: Sequence[Asked], name: str, values: Mapping[str, Any]) -> str:
    default = next(question.default for question in asked if question.name == name)
    return next((w for w, v in values.items() if v == default), next(iter(values)))


def required(asked: Sequence[Asked], space: Space) -> list[str]:
    """Return the questions in free text that have no default and no answer yet."""
    return [
        question.name
        for question in asked
        if question.name not in space.axes
        and question.name not in space.fixed
        and question.default in (None, "")
        and is_asked(question)
    ]
