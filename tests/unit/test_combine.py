"""Answers that two branches changed come together key by key, and no change is lost unnamed."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.questions.combine import Clash, combine

NAMES = st.sampled_from(["book", "author", "shelf"])
FIELDS = st.dictionaries(NAMES, st.sampled_from(["str", "int"]), max_size=3).map(
    lambda found: [{"name": name, "type": kind} for name, kind in found.items()]
)
RESOURCES = st.dictionaries(NAMES, FIELDS, max_size=3).map(
    lambda found: [{"name": name, "fields": fields} for name, fields in found.items()]
)
ANSWERS = st.fixed_dictionaries(
    {"auth": st.sampled_from(["tokens", "none"]), "docker": st.booleans(), "resources": RESOURCES}
)


def leaves(value: Any, key: str = "") -> dict[str, Any]:
    """Return every value in the answers by its path."""
    if isinstance(value, list):
        value = {item["name"]: item for item in value}
    if not isinstance(value, dict):
        return {key: value}
    found = {key: None} if key else {}
    for name, inner in value.items():
        found |= leaves(inner, f"{key}.{name}" if key else name)
    return found


@given(ANSWERS, ANSWERS)
def test_one_branch_alone_gets_its_own_answers(base: dict[str, Any], changed: Any) -> None:
    assert combine(base, changed, base) == (changed, [])
    assert combine(base, base, changed) == (changed, [])
    assert combine(base, changed, changed) == (changed, [])


@given(ANSWERS, ANSWERS, ANSWERS)
def test_every_change_is_in_the_result_or_named(base: Any, ours: Any, theirs: Any) -> None:
    combined, clashes = combine(base, ours, theirs)
    named = tuple(clash.key for clash in clashes)
    before, result = leaves(base), leaves(combined)
    for side in (leaves(ours), leaves(theirs)):
        for key in before.keys() | side.keys():
            missing = object()
            changed = side.get(key, missing)
            if changed != before.get(key, missing) and not key.startswith(named or ("-",)):
                assert result.get(key, missing) == changed


def test_a_thing_that_one_removed_and_the_other_changed_clashes() -> None:
    before = {"resources": [{"name": "book", "fields": []}]}
    changed = {"resources": [{"name": "book", "fields": [{"name": "title"}]}]}
    combined, clashes = combine(before, {"resources": []}, changed)
    assert combined == {"resources": []}
    assert clashes == [Clash("resources.book", None, changed["resources"][0])]
