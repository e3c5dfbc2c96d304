"""A covering set has every pair that can be, whatever the questions and rules."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.validate.config import Covering
from generator.validate.covering import Picks, covering, pairs, rows_of_pairs
from generator.validate.plan import chosen as chosen_of
from generator.validate.space import Variant

AXES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(1, 4).map(lambda count: [str(number) for number in range(count)]),
    min_size=2,
)
RULES = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("0123"), min_size=1, max_size=2),
    max_size=3,
)


def forbidden(rules: list[dict[str, str]], picks: Picks) -> bool:
    return any(rule.items() <= dict(picks).items() for rule in rules)


def all_rows(axes: dict[str, list[str]], rules: list[dict[str, str]]) -> list[dict[str, str]]:
    rows = [dict(zip(axes, words, strict=True)) for words in itertools.product(*axes.values())]
    return [row for row in rows if not forbidden(rules, row)]


@settings(deadline=None)
@given(AXES, RULES)
def test_of_rows_that_are_listed_the_chosen_ones_have_every_pair(
    axes: dict[str, list[str]], rules: list[dict[str, str]]
) -> None:
    rows = all_rows(axes, rules)
    chosen = covering(rows, pairs)
    assert set().union(*map(pairs, chosen)) == set().union(*map(pairs, rows))
    assert len(chosen) <= len(rows)


@settings(deadline=None)
@given(AXES)
def test_rows_that_are_made_have_every_pair(axes: dict[str, list[str]]) -> None:
    made = rows_of_pairs(axes, lambda _: True, "seed")
    every = all_rows(axes, [])
    assert set().union(*map(pairs, made)) == set().union(*map(pairs, every))


@settings(deadline=None)
@given(AXES, RULES)
def test_rows_that_are_made_keep_the_rules(
    axes: dict[str, list[str]], rules: list[dict[str, str]]
) -> None:
    made = rows_of_pairs(axes, lambda picks: not forbidden(rules, picks), "seed")
    assert not [row for row in made if forbidden(rules, row)]
    assert all(list(row) == list(axes) for row in made)


def test_rows_of_many_questions_are_few() -> None:
    axes = {f"q{number}": ["yes", "no"] for number in range(40)}
    assert len(rows_of_pairs(axes, lambda _: True, "seed")) < 20


def test_words_that_differ_by_an_ending_count_as_one_value() -> None:
    rows = [
        {"auth": auth, "set": f"{name}{'' if auth == 'yes' else '-open'}", "database": database}
        for auth, name, database in itertools.product(("yes", "no"), "abcd", "xyzw")
    ]
    variants = [Variant(str(row), row, row) for row in rows]
    apart, together = (
        chosen_of(variants, Covering(endings=endings, random=0), "") for endings in ((), ("-open",))
    )
    assert len(together) < len(apart)
    pairs = {(v.picks["set"][0], v.picks["database"]) for v in together}
    assert pairs == set(itertools.product("abcd", "xyzw"))
