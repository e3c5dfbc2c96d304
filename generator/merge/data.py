"""A three-way merge of data: mappings by key, lists by what their items are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence
from typing import Any

MISSING = object()
# Lists whose items mean something by their place only.
POSITIONAL = frozenset({"args", "command", "entrypoint", "test"})
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[.*?\])?\s*[<>=!~]=")
NAMES = ("name", "id", "uses", "run", "repo")  # what tells one mapping in a list from the others


class Unmergeable(Exception):
    """Both sides changed the same value."""


def merge_into(ours: Any, base: Any, theirs: Any) -> None:
    """Change `ours`, a mapping, as `base` was changed to `theirs`; what is commented stays so.

    Raises `Unmergeable` where both sides changed one value; `ours` may then be changed in part.
    """
    for key in [*theirs, *(key for key in base if key not in theirs)]:
        before, mine, new = base.get(key, MISSING), ours.get(key, MISSING), theirs.get(key, MISSING)
        if same(new, before) or same(new, mine):
            continue
        if same(mine, before):
            if new is MISSING:
                del ours[key]
            elif mine is MISSING:
                _insert_key(ours, theirs, key)
            else:
                ours[key] = new
        else:
            _merge_value(mine, before, new, key)


def _merge_value(mine: Any, before: Any, new: Any, key: str) -> None:
    if isinstance(mine, Mapping) and isinstance(new, Mapping):
        merge_into(mine, before if isinstance(before, Mapping) else {}, new)
    elif isinstance(mine, list) and isinstance(new, list) and key not in POSITIONAL:
        _merge_list(mine, before if isinstance(before, list) else [], new)
    else:
        raise Unmergeable


def _merge_list(ours: MutableSequence[Any], base: list[Any], theirs: list[Any]) -> None:
    old, mine, new = _by_identity(base), _by_identity(ours), _by_identity(theirs)
    predecessor: object = MISSING
    for name, item in new.items():
        before, present = old.get(name, MISSING), mine.get(name, MISSING)
        if same(item, before) or same(item, present):
            pass
        elif present is MISSING:
            if before is not MISSING:
                raise Unmergeable  # one side took it out, the other changed it
            _insert_item(ours, _index(ours, predecessor) + 1, item)
        elif same(present, before):
            ours[_index(ours, name)] = item
        else:
            _merge_value(present, before, item, "")
        predecessor = name if _index(ours, name) >= 0 else predecessor
    for name, before in old.items():
        if name not in new and name in mine:
            if not same(mine[name], before):
                raise Unmergeable
            del ours[_index(ours, name)]
        elif name not in new and isinstance(before, Mapping):
            raise Unmergeable  # both took it out, and may have put something else there


def _insert_item(ours: MutableSequence[Any], index: int, item: Any) -> None:
    # What is appended to an array of tomlkit's comes after the comment at its end.
    is_array = hasattr(ours, "multiline")
    ours.insert(min(index, max(len(ours) - 1, 0)) if is_array else index, item)


def _by_identity(items: Any) -> dict[object, Any]:
    named = {identity(item): item for item in items}
    if len(named) < len(items):
        raise Unmergeable
    return named


def _index(items: MutableSequence[Any], name: object) -> int:
    return next((i for i, item in enumerate(items) if identity(item) == name), -1)


def identity(item: Any) -> object:
    """Return what an item of a list is about: a requirement's distribution, a step's name."""
    if isinstance(item, str):
        match = REQUIREMENT.match(item)
        return match[1].lower().replace("_", "-") if match else str(item)
    if isinstance(item, Mapping):
        for key in NAMES:
            if key in item:
                return key, str(item[key]).partition("@")[0]
    return repr(plain(item))


def _insert_key(ours: MutableMapping[str, Any], theirs: Mapping[str, Any], key: str) -> None:
    """Put a new key where it stands in `theirs`, if the kind of mapping can."""
    insert: Callable[[int, str, Any], None] | None = getattr(ours, "insert", None)
    keys = list(theirs)
    earlier = [known for known in keys[: keys.index(key)] if known in ours]
    if insert is None or not earlier:
        ours[key] = theirs[key]
    else:
        insert(list(ours).index(earlier[-1]) + 1, key, theirs[key])


def same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same, however they are written."""
    if one is MISSING or other is MISSING:
        return one is other
    return bool(plain(one) == plain(other))


def plain(value: Any) -> Any:
    """Return `value` without what a library keeps of its formatting."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.unwrap() if hasattr(value, "unwrap") else value


def unordered(value: Any) -> Any:
    """Return `value` with every list sorted, to compare what was merged in two ways."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((unordered(item) for item in value), key=repr)
    return value
