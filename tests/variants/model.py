"""The variants: every valid combination of answers, read from the questions themselves."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.errors import UsageError
from generator.questions import exclusions
from generator.questions.answers import complete
from generator.questions.catalog import Catalog, load_catalog
from generator.render.strict import Strict
from generator.validate.covering import covering

from .resources import NAMES, RESOURCE_SETS, RUNNABLE_SETS

ROOT = Path(__file__).parents[2]

# Answers that no line of Python depends on. When projects are run, each of their values is tried,
# but not each together with every other; test_render holds that they are inert.
INERT = ("docker", "ci", "python_version")
# Answers that nobody is asked for and that only some projects record; `item` is enough for these.
UNASKED = ("had_accounts", "keeps_tables")
# Options: turned on, they are tried with all other answers, but for those that change no Python;
# of these they change what `docker` brings.
OPTIONS = ("observability",)
# Where `python_version` is not quite inert: the versions from which on a framework has a new
# series, with other code and dependencies.
NEW_SERIES: dict[str, tuple[str, ...]] = {"django": ("3.12",)}


@dataclass(frozen=True)
class Variant:
    """One combination: the answers that are chosen from a list, and a named set of resources."""

    choices: tuple[tuple[str, str | bool], ...]
    resources: str

    def __getitem__(self, question: str) -> str | bool:
        return dict(self.choices)[question]

    def __str__(self) -> str:
        """Return an id such as `fastapi-sqlite-tokens-docker-github-py3.11-item`."""
        words = [_word(question, value) for question, value in self.choices]
        return "-".join([*filter(None, words), self.resources])

    @property
    def framework(self) -> str:
        return str(self["framework"])

    @property
    def series(self) -> str:
        """The oldest Python for which the project has the same code and dependencies."""
        return series_of(self.framework, str(self["python_version"]))

    @property
    def is_asked_for(self) -> bool:
        """Tell whether the questions that are asked make it."""
        return not any(self[question] for question in UNASKED)

    def live_part(self) -> Variant:
        """Return what is left of the variant without the answers that change no Python."""
        left = [choice for choice in self.choices if choice[0] not in INERT]
        return Variant((*left, ("series", self.series)), self.resources)

    def resource_texts(self) -> list[str]:
        """Return the resources as `--resource` takes them."""
        return RESOURCE_SETS[self.resources](self["auth"] != "none")

    def answers(self) -> dict[str, Any]:
        """Return an answer to every question; raises `UsageError` when they do not go together."""
        return complete(
            catalog(),
            NAMES.get(self.resources, "shop"),
            options=dict(self.choices),
            assigned={},
            file={"author": "Ada Lovelace"} if self.resources != "item" else {},
            resources=self.resource_texts(),
        )

    def tree(self) -> dict[str, bytes]:
        """Return the files of the project, as the fast renderer writes them."""
        return {path: text.encode() for path, text in _strict().render(self.answers()).items()}


def series_of(framework: str, python_version: str) -> str:
    """Return the first of the Python versions that make the same project as this one does."""
    versions = [str(version) for version in axes()["python_version"]]
    until = versions[: versions.index(python_version) + 1]
    return next(v for v in reversed(until) if v in (versions[0], *NEW_SERIES.get(framework, ())))


def _word(question: str, value: str | bool) -> str:
    if isinstance(value, bool):
        return question if value else ""
    return "" if value == "none" else f"py{value}" if question == "python_version" else value


@cache
def _strict() -> Strict:
    return Strict(ROOT)


@cache
def catalog() -> Catalog:
    """Return the questions of the template and its manifest."""
    return load_catalog(ROOT)


def is_in_python(framework: str) -> bool:
    """Tell whether projects are written in Python; `test_express` tests the others."""
    return not catalog().manifest.facts(framework).packages


@cache
def axes() -> dict[str, tuple[str | bool, ...]]:
    """Return the questions that have a few values only, and those values."""
    result: dict[str, tuple[str | bool, ...]] = {}
    for question in catalog().questions.values():
        if question.type == "bool":
            result[question.name] = (False, True)
        elif question.values:
            result[question.name] = tuple(question.values)
    result["framework"] = tuple(f for f in result["framework"] if is_in_python(str(f)))
    # framework first, so that ids begin with it; python_version last
    order = sorted(result, key=lambda name: (name != "framework", name == "python_version"))
    return {name: result[name] for name in order}


FRAMEWORKS = tuple(map(str, axes()["framework"]))


@cache
def all_variants() -> tuple[Variant, ...]:
    """Return every combination with each set of resources that is run.

    With the other sets, and with answers that nobody is asked for, questions that change no Python
    keep their first answer.
    """
    products = itertools.product(*axes().values())
    combinations = [c for p in products if _goes_together(c := tuple(zip(axes(), p, strict=True)))]
    variants = (
        Variant(choices, resources) for choices in combinations for resources in RESOURCE_SETS
    )
    return tuple(
        v
        for v in variants
        if (v.is_asked_for and v.resources in RUNNABLE_SETS and _is_option_tried(v))
        or (_is_plain(v) and _may_have(v) and (v.is_asked_for or _is_recorded(v)))
    )


def _goes_together(choices: tuple[tuple[str, str | bool], ...]) -> bool:
    try:
        exclusions.check(catalog().manifest.exclusions, dict(choices))
    except UsageError:
        return False
    return True


def _has_option(variant: Variant) -> bool:
    return any(variant[option] != "none" for option in OPTIONS)


def _may_have(variant: Variant) -> bool:
    """Tell whether the options go with sets of resources that are not run with each answer."""
    return not _has_option(variant) or (variant.resources == "wide" and variant["auth"] != "none")


def _is_option_tried(variant: Variant) -> bool:
    return not _has_option(variant) or _is_plain(variant, apart_from="docker")


def _is_recorded(variant: Variant) -> bool:
    choices = dict(variant.choices)
    answered = [question for question in UNASKED if choices[question]]
    return variant.resources == "item" and all(_strict().records(q, choices) for q in answered)


def _is_plain(variant: Variant, apart_from: str = "") -> bool:
    first = {name: values[0] for name, values in axes().items()}
    first["python_version"] = variant.series
    return all(variant[name] == first[name] for name in INERT if name != apart_from)


@cache
def runnable() -> list[Variant]:
    """Return the variants that can be run in a reasonable time."""
    return [variant for variant in all_variants() if variant.resources in RUNNABLE_SETS]


def pairwise() -> list[Variant]:
    """Return a few variants to run, in which every two answers occur together at least once.

    Inert answers only occur, each at least once for each framework; framework, database and auth,
    by which servers differ most, occur together in every way. Answers that nobody is asked for
    occur once.
    """
    return covering(runnable(), _goals)


@cache
def _goals(variant: Variant) -> frozenset[tuple[object, ...]]:
    if not variant.is_asked_for:
        return frozenset((question, variant[question]) for question in UNASKED)
    live = [choice for choice in variant.live_part().choices if choice[0] not in UNASKED]
    live.append(("resources", variant.resources))
    inert = [(name, variant[name], variant.framework) for name in INERT]
    server = tuple(variant[name] for name in ("framework", "database", "auth"))
    return frozenset([*itertools.combinations(live, 2), *inert, server])


def hosts(resources: str = "wide") -> list[Variant]:
    """Return what the contract is tested with: a project for each framework and database.

    They have users, which most of the contract is about; `open_hosts` have none.
    """
    return [v for v in _hosted(resources) if v["auth"] != "none"]


def open_hosts() -> list[Variant]:
    """Return narrow projects without users: who sees what is most of what modifiers change."""
    return [v for v in _hosted("narrow") if v["auth"] == "none"]


def _hosted(resources: str) -> list[Variant]:
    """Return one database's projects after the other's, so that frameworks alternate."""
    found = [v for v in all_variants() if v.resources == resources and _is_hosted(v)]
    return sorted(found, key=lambda variant: str(variant["database"]), reverse=True)


def _is_hosted(variant: Variant) -> bool:
    """Tell whether servers are tested with this series: the databases take them in turn."""
    of_framework = [v for v in all_variants() if v.framework == variant.framework]
    series = sorted({v.series for v in of_framework})
    databases = [str(database) for database in axes()["database"]]
    if variant.series != series[databases.index(str(variant["database"])) % len(series)]:
        return False
    # Wide projects have all options that their framework offers, and others have none.
    offered = max(map(_options_on, of_framework)) if variant.resources == "wide" else 0
    return _options_on(variant) == offered


def _options_on(variant: Variant) -> int:
    return sum(variant[option] != "none" for option in OPTIONS)


def at_random(seed: str, count: int) -> Iterator[Variant]:
    """Yield variants that `seed` picks; the same ones for the same seed."""
    yield from random.Random(seed).sample(runnable(), count)
