"""Answers that two branches changed, merged key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MISSING = object()


@dataclass(frozen=True)
class Clash:
    """An answer that both branches changed, each to another value; ours was kept.

    It is None on a side that has no such answer any more. `key` is a path such as
    "resources.book.fields.title.type".
    """

    key: str
    ours: Any
    theirs: Any


def combine(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Clash]]:
    """Return the answers `ours` with what changed from `base` to `theirs`, and what clashes.

    A list of things that have names, such as resources and their fields, is merged thing by thing.
    """
    clashes: list[Clash] = []
    return _mappings("", base, ours, theirs, clashes), clashes


def _mappings(
    key: str,
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    clashes: list[Clash],
) -> dict[str, Any]:
    result = {}
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        before, mine, other = (side.get(name, MISSING) for side in (base, ours, theirs))
        value = _values(f"{key}.{name}" if key else name, before, mine, other, clashes)
        if value is not MISSING:
            result[name] = value
    return result


def _values(key: str, base: Any, ours: Any, theirs: Any, clashes: list[Clash]) -> Any:
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        before = base if isinstance(base, Mapping) else {}
        return _mappings(key, before, ours, theirs, clashes)
    if _are_named(ours) and _are_named(theirs):
        named = _by_name(base) if _are_named(base) else {}
        return [*_mappings(key, named, _by_name(ours), _by_name(theirs), clashes).values()]
    clashes.append(Clash(key, _or_none(ours), _or_none(theirs)))
    return ours


def _or_none(value: Any) -> Any:
    return None if value is MISSING else value


def _are_named(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping) and "name" in item for item in value
    )


def _by_name(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {item["name"]: item for item in items}
