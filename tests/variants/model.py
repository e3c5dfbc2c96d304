"""The variants that `scaffold validate` tries of these templates, as our own tests name them."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from generator.questions.catalog import Catalog, load_catalog
from generator.render.strict import Strict
from generator.validate import reading
from generator.validate.config import FILE, Config
from generator.validate.covering import covering
from generator.validate.own import answers_of
from generator.validate.plan import chosen
from generator.validate.space import Variant as Planned

from .machine import CACHE, ROOT
from .planned import plan
from .resources import NAMES
from .sets import OPEN

# Answers that no line of Python depends on; test_render holds that they are inert.
INERT = ("docker", "ci", "python_version")
# Answers that nobody is asked for and that only some projects record.
UNASKED = ("had_accounts", "keeps_tables")
# Options: validate.toml says with which other answers they are tried.
OPTIONS = ("jobs", "observability", "storage")
# Where `python_version` is not quite inert: the versions from which on a framework has a new
# series, with other code and dependencies.
NEW_SERIES: dict[str, tuple[str, ...]] = {"django": ("3.12",)}


@dataclass(frozen=True)
class Variant(Planned):
    """One combination: the answers that are given, and a named set of resources."""

    def __getitem__(self, question: str) -> str | bool:
        value: str | bool = self.given[question]
        return value

    def __str__(self) -> str:
        """Return an id such as `django+postgres+every`: the answers that are no defaults."""
        return self.name

    @property
    def framework(self) -> str:
        return str(self["framework"])

    @property
    def resources(self) -> str:
        """The name of the set of resources, the same with users and without."""
        return self.picks["resources"].removesuffix(OPEN)

    @property
    def series(self) -> str:
        """The oldest Python for which the project has the same code and dependencies."""
        return series_of(self.framework, str(self["python_version"]))

    @property
    def is_asked_for(self) -> bool:
        """Tell whether the questions that are asked make it."""
        return not any(self[question] for question in UNASKED)

    def live_part(self) -> tuple[object, ...]:
        """Return what is left of the variant without the answers that change no Python."""
        left = [(name, word) for name, word in self.picks.items() if name not in INERT]
        return (*left, self.series)

    def answers(self) -> dict[str, Any]:
        """Return an answer to every question; most projects have an author, and some a long name.

        Raises `UsageError` when they do not go together.
        """
        more: dict[str, str] = {"author": "Ada Lovelace"} if self.resources != "item" else {}
        if self.resources in NAMES:
            more["project_name"] = NAMES[self.resources]
        return answers_of(ROOT, {**self.given, **more})


def series_of(framework: str, python_version: str) -> str:
    """Return the first of the Python versions that make the same project as this one does."""
    versions = [str(version) for version in axes()["python_version"]]
    until = versions[: versions.index(python_version) + 1]
    return next(v for v in reversed(until) if v in (versions[0], *NEW_SERIES.get(framework, ())))


@cache
def strict() -> Strict:
    """Return the fast renderer of the templates."""
    return Strict(ROOT, CACHE / "compiled")


@cache
def catalog() -> Catalog:
    """Return the questions of the template and its manifest."""
    return load_catalog(ROOT)


@cache
def config() -> Config:
    """Return what validate.toml says."""
    return reading.load(ROOT / FILE)


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
    return result


FRAMEWORKS = tuple(map(str, axes()["framework"]))
# Flask has the models and schemas of FastAPI, and the server of Django: what is much the same in
# all three is tested in it each night.
STOOD_FOR = "flask"
EACH_LANDING = [
    pytest.param(name, marks=pytest.mark.nightly) if name == STOOD_FOR else name
    for name in FRAMEWORKS
]


def seed() -> str:
    """Return what a landing picks at random by: SEED, or the commit that is tested."""
    head = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    return os.environ.get("SEED") or subprocess.check_output(head, text=True).strip()


SEED = seed()


@cache
def all_series(framework: str) -> list[str]:
    """Return the series of a framework, the oldest first."""
    return sorted({v.series for v in all_variants() if v.framework == framework})


@cache
def _planned() -> dict[Variant, bool]:
    """Return each variant in Python, and whether it may be run."""
    found = {Variant(one.name, one.picks, one.given): one.is_run for one in plan()}
    return {variant: is_run for variant, is_run in found.items() if variant.framework in FRAMEWORKS}


@cache
def all_variants() -> tuple[Variant, ...]:
    """Return every combination that `scaffold validate` renders."""
    return tuple(_planned())


@cache
def runnable() -> list[Variant]:
    """Return the variants that can be run in a reasonable time."""
    return [variant for variant, is_run in _planned().items() if is_run]


@cache
def pairwise() -> list[Variant]:
    """Return the few variants in which every two answers occur together, as validate.toml says."""
    wanted = config().covering
    return chosen(runnable(), wanted, "")[: -wanted.random]


@cache
def at_each_landing() -> list[Variant]:
    """Return fewer: of resources, only pairs with accounts, and with one framework of each kind.

    FastAPI and Flask have the same models and schemas. Long names matter to what is rendered more
    than to what is run.
    """
    alone = config().covering.alone

    def reached(variant: Variant) -> Iterator[Hashable]:
        kind = "django" if variant.framework == "django" else "sqlalchemy"
        sets = ("resources", variant.resources)
        free = [(q, w) for q, w in variant.picks.items() if q not in (*alone, "resources")]
        yield from variant.picks.items()
        yield from combinations(free, 2)
        yield from ((sets, kind), (sets, variant["auth"]))

    return covering([v for v in runnable() if v.resources != "longest"], reached)


def hosts(resources: str = "wide") -> list[Variant]:
    """Return what the contract is tested with: a project for each framework and database.

    They have users, which most of the contract is about; `open_hosts` have none.
    """
    return [v for v in _hosted(resources) if v["auth"] != "none" and not _options_on(v)]


def hosts_with_options() -> list[Variant]:
    """Return wide projects that have all options, a project for each framework and database."""
    return [v for v in _hosted("wide") if _options_on(v)]


def filed_hosts() -> list[Variant]:
    """Return projects with users whose resources refer to files."""
    return [v for v in _hosted("filed") if v["auth"] != "none"]


def open_hosts() -> list[Variant]:
    """Return narrow projects without users: who sees what is most of what modifiers change."""
    return [v for v in _hosted("narrow") if v["auth"] == "none"]


def _hosted(resources: str) -> list[Variant]:
    """Return one database's projects after the other's, so that frameworks alternate."""
    found = [v for v in all_variants() if v.resources == resources and _is_hosted(v)]
    return sorted(found, key=lambda variant: str(variant["database"]), reverse=True)


def _is_hosted(variant: Variant) -> bool:
    """Tell whether servers are tested with this series: the databases take them in turn."""
    series = all_series(variant.framework)
    databases = [str(database) for database in axes()["database"]]
    is_its_turn = variant.series == series[databases.index(str(variant["database"])) % len(series)]
    return variant.is_asked_for and is_its_turn


def _options_on(variant: Variant) -> int:
    return sum(variant[option] != "none" for option in OPTIONS)


def at_random(seed: str, count: int) -> Iterator[Variant]:
    """Yield variants that `seed` picks; the same ones for the same seed."""
    yield from random.Random(seed).sample(runnable(), count)
