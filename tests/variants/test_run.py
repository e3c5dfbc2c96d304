"""T1: projects run for real, each step a test of its own.

The contract is tested with projects that have all types of fields, and with projects that have no
users; by night with every modifier. A few variants, in which the answers that matter meet, and a
random one pass their own tests.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from .model import (
    SEED,
    Variant,
    all_variants,
    at_each_landing,
    at_random,
    filed_hosts,
    hosts,
    hosts_with_options,
    open_hosts,
    pairwise,
)
from .proving import Subject, prove
from .renders import tree_of
from .steps import MORE_SERVERS, OWN_TESTS, STEPS

pytestmark = pytest.mark.slow


RANDOM = list(at_random(SEED, 1))


def number_of_fields(variant: Variant) -> int:
    return sum(len(resource["fields"]) for resource in variant.answers()["resources"])


def own_tests(variant: Variant) -> str:
    return OWN_TESTS[str(variant["database"])]


def landing() -> Iterator[tuple[Variant, str]]:
    """Yield what each landing proves."""
    yield from ((variant, "drift") for variant in hosts())
    # A narrow project is enough, in a third of the time. On SQLite, FastAPI stands for SQLAlchemy,
    # and Django without users for its own models.
    on = {"fastapi": "sqlite", "flask": "postgres", "django": "postgres"}
    narrow = hosts("narrow")
    yield from ((v, "contract") for v in narrow if v["database"] == on[v.framework])
    # Without users, the three frameworks have less code, and no other.
    without_users = shared_out(open_hosts())
    yield random.Random(SEED).choice(without_users), "contract"
    # What linters and mypy find in all variants is tested elsewhere: this is the task itself.
    yield from ((variant, "check") for variant in {v.framework: v for v in hosts()}.values())
    # Among a project's own tests is that its migrations make what its models describe.
    yield from ((variant, own_tests(variant)) for variant in [*at_each_landing(), *RANDOM])


def shared_out(variants: list[Variant]) -> list[Variant]:
    """Return one for each framework, which take the databases in turn."""
    by_framework: dict[str, list[Variant]] = {}
    for variant in variants:
        by_framework.setdefault(variant.framework, []).append(variant)
    return [mine[n % len(mine)] for n, mine in enumerate(by_framework.values())]


def night() -> Iterator[tuple[Variant, str]]:
    """Yield what each night proves besides."""
    yield from ((variant, "contract") for variant in hosts())
    for variant in hosts_with_options():
        yield from ((variant, step) for step in ("contract", MORE_SERVERS))
    for variant in filed_hosts():
        yield from ((variant, step) for step in ("contract", "drift", own_tests(variant)))
    yield from ((variant, MORE_SERVERS) for variant in hosts("narrow"))
    for variant in open_hosts():
        yield from ((variant, step) for step in (MORE_SERVERS, "contract", "drift"))
    yield from ((variant, own_tests(variant)) for variant in [*hosts(), *open_hosts()])
    # Each type has each of its modifiers, in a resource of its own.
    yield from ((v, "drift") for v in all_variants() if v.resources == "single")
    for variant in [*pairwise(), *RANDOM]:
        steps = ("contract", "check", "drift", own_tests(variant))
        yield from ((variant, step) for step in steps)
    # Own tests reach other lines where these answers differ, and take twice as long when measured:
    # of each combination, the coverage of the smallest variant is.
    by_size = sorted(pairwise(), key=number_of_fields, reverse=True)
    measured = {(v["framework"], v["auth"], v.is_asked_for): v for v in by_size}
    yield from ((variant, "coverage") for variant in measured.values())


LANDING = list(dict.fromkeys(landing()))
NIGHT = [pair for pair in dict.fromkeys(night()) if pair not in LANDING]


@cache
def subject(variant: Variant, programs: Path) -> Subject:
    database = str(variant["database"])
    return Subject(str(variant), variant.framework, database, tree_of(variant), programs)


@pytest.mark.parametrize(
    ("variant", "step"),
    [
        *(pytest.param(v, s, marks=pytest.mark.seconds(STEPS[s].seconds)) for v, s in LANDING),
        *(
            pytest.param(v, s, marks=[pytest.mark.seconds(STEPS[s].seconds), pytest.mark.nightly])
            for v, s in NIGHT
        ),
    ],
    ids=str,
)
def test_step(
    variant: Variant,
    step: str,
    request: pytest.FixtureRequest,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    tmp_path: Path,
) -> None:
    folder = tmp_path / str(variant.answers()["project_name"])
    prove(request, subject(variant, programs(variant)), step, folder, postgres)
