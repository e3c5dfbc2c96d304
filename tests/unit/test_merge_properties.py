"""Random edits on both sides of a file: nothing is lost, doubled or made up, however they meet."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.merge.lines import Pieces, as_ours, clean, merge_lines
from generator.merge.neighbours import may_touch
from generator.merge.structure import merge
from generator.merge.values import unordered

NAMES = ("django", "celery", "zope.interface", "Flask_Login", "httpx", "redis", "stripe")
versions = st.sampled_from(["==1.0", "==2.0", ">=3", "~=4.1; python_version < '3.12'"])
requirements = st.dictionaries(st.sampled_from(NAMES), versions)
values = st.recursive(
    st.sampled_from([1, True, "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=6,
)
documents = st.dictionaries(st.sampled_from("abcd"), values)
statements = st.sampled_from(
    ["import os", "import sys", "HOST = 'a'", "PORT = 1", "print(PORT)", "def f():\n    pass"]
)
modules = st.lists(statements, unique=True, max_size=6).map("\n".join)


def merged(path: str, base: str, ours: str, theirs: str) -> Pieces:
    result = merge(path, base.encode(), ours.encode(), theirs.encode())
    assert result is not None
    return result


def text_of(wanted: Mapping[str, str]) -> str:
    return "".join(f"{name}{version}\n" for name, version in wanted.items())


def lines_by_name(text: str) -> dict[str, str]:
    lines = text.splitlines()
    found = {name: line for line in lines for name in NAMES if line.startswith(name)}
    assert len(found) == len(lines)
    return found


@settings(deadline=None)
@given(requirements, requirements, requirements)
def test_a_requirement_is_as_the_side_has_it_that_changed_it(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    result = merged("requirements/base.txt", text_of(base), text_of(ours), text_of(theirs))
    found = lines_by_name(as_ours(result))
    both = False
    for name in NAMES:
        before, mine, new = (side.get(name) for side in (base, ours, theirs))
        both |= before != mine != new != before
        expected = new if mine == before else mine
        assert found.get(name) == (None if expected is None else name + expected)
    assert (clean(result) is None) == both


def lines_of(start: int, kept: list[bool], added: list[int], mark: str) -> str:
    """Return the lines of a base that a side kept, and lines of its own before some of them."""
    lines = []
    for number, keep in enumerate(kept):
        lines += [f"{mark} {number}\n"] * (number in added)
        lines += [f"value_{number}_{start} = {number}\n"] if keep else [f"value_{number}_x = 9\n"]
    return "".join(lines)


SIZE = 8
sides = st.tuples(
    st.lists(st.booleans(), min_size=SIZE, max_size=SIZE),
    st.lists(st.integers(0, SIZE), max_size=3),
)


@settings(deadline=None)
@given(sides, sides)
def test_lines_of_both_sides_are_there_once_and_those_that_went_are_gone(
    mine: tuple[list[bool], list[int]], new: tuple[list[bool], list[int]]
) -> None:
    base = lines_of(0, [True] * SIZE, [], "")
    ours, theirs = lines_of(0, *mine, "ours"), lines_of(0, *new, "theirs")
    text = clean(merge_lines(base, ours, theirs, may_touch))
    if text is None:
        return
    before, one, other = (set(side.splitlines()) for side in (base, ours, theirs))
    expected = (before & one & other) | (one - before) | (other - before)
    assert Counter(text.splitlines()) == Counter(expected)


@settings(deadline=None)
@given(documents, documents, documents)
def test_data_merges_to_the_same_from_either_side(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    texts = [json.dumps(side, indent=2) + "\n" for side in (base, ours, theirs)]
    before, mine, new = (text.encode() for text in texts)
    one, other = merge("a.json", before, mine, new), merge("a.json", before, new, mine)
    text, same = (None if found is None else clean(found) for found in (one, other))
    assert (text is None) == (same is None)
    if text is not None and same is not None:
        assert unordered(json.loads(text)) == unordered(json.loads(same))
    if one is None:
        return
    kept = json.loads(as_ours(one))
    for key in base.keys() | ours.keys() | theirs.keys():
        if json.dumps(base.get(key)) == json.dumps(theirs.get(key)):
            assert json.dumps(kept.get(key)) == json.dumps(ours.get(key))
        elif json.dumps(base.get(key)) == json.dumps(ours.get(key)):
            assert json.dumps(kept.get(key)) == json.dumps(theirs.get(key))


@settings(deadline=None)
@given(documents, documents)
def test_what_one_side_alone_changed_is_what_it_became(
    base: dict[str, Any], changed: dict[str, Any]
) -> None:
    before, after = (json.dumps(side, indent=2) + "\n" for side in (base, changed))
    for ours, theirs in ((before, after), (after, before), (after, after)):
        text = clean(merged("package.json", before, ours, theirs))
        assert text is not None
        assert json.loads(text) == changed


@settings(deadline=None)
@given(modules, modules, modules)
def test_a_merged_python_file_can_be_read_and_has_each_statement_once(
    base: str, ours: str, theirs: str
) -> None:
    result = merge("app/settings.py", base.encode(), ours.encode(), theirs.encode())
    text = None if result is None else clean(result)
    if text is None:
        return
    found = Counter(ast.unparse(one) for one in ast.parse(text).body)
    before, mine, new = (
        {ast.unparse(one) for one in ast.parse(side).body} for side in (base, ours, theirs)
    )
    assert (mine - before) | (new - before) <= found.keys() <= mine | new
