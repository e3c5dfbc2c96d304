"""A three-way merge of data: mappings by key, lists by what their items are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

from generator.merge.values import MISSING, identity, is_positional, plain, same

# What a value becomes that both sides changed, of those of base, ours and theirs.
Pick = Callable[[Any, Any, Any], Any]


class Unmergeable(Exception):
    """Both sides changed the same value."""


def take_base(base: Any, _ours: Any, _theirs: Any) -> Any:
    """Take the value that both sides changed as it was."""
    return base


def take_ours(_base: Any, ours: Any, _theirs: Any) -> Any:
    """Take the value as we changed it."""
    return ours


def take_theirs(_base: Any, _ours: Any, theirs: Any) -> Any:
    """Take the value as they changed it."""
    return theirs


def refuse(_base: Any, _ours: Any, _theirs: Any) -> Any:
    """Raise `Unmergeable` for what both sides changed."""
    raise Unmergeable


def merge_into(ours: Any, base: Any, theirs: Any, pick: Pick) -> None:
    """Change `ours`, a mapping, as `base` was changed to `theirs`; what is commented stays so.

    A value that both sides changed becomes what `pick` says.
    """
    for key in [*theirs, *(key for key in base if key not in theirs)]:
        before, mine, new = base.get(key, MISSING), ours.get(key, MISSING), theirs.get(key, MISSING)
        if same(new, before) or same(new, mine):
            continue
        if same(mine, before):
            _put(ours, key, new, theirs)
            continue
        try:
            _merge_value(mine, before, new, key, pick)
        except Unmergeable:
            value = pick(before, mine, new)
            if value is not mine:
                _put(ours, key, value, base if new is MISSING else theirs)


def _put(ours: MutableMapping[str, Any], key: str, value: Any, order: Mapping[str, Any]) -> None:
    """Give `key` a value, at its place in `order` if it is new, or take it out."""
    if value is MISSING:
        ours.pop(key, None)
    elif key in ours:
        ours[key] = value
    else:
        _insert_key(ours, order, key, value)


def _merge_value(mine: Any, before: Any, new: Any, key: str, pick: Pick) -> None:
    if isinstance(mine, Mapping) and isinstance(new, Mapping):
        merge_into(mine, before if isinstance(before, Mapping) else {}, new, pick)
    elif isinstance(mine, list) and isinstance(new, list) and not is_positional(key, mine):
        old = before if isinstance(before, list) else []
        _merge_list(plain(mine), plain(old), plain(new), pick)  # raises before anything changes
        _merge_list(mine, old, new, pick)
    else:
        raise Unmergeable


def _merge_list(
    ours: MutableSequence[Any], base: Sequence[Any], theirs: Sequence[Any], pick: Pick
) -> None:
    old, mine, new = _by_identity(base), _by_identity(ours), _by_identity(theirs)
    _check_replaced(old, mine, new)
    predecessor: object = MISSING
    for name, item in new.items():
        before, present = old.get(name, MISSING), mine.get(name, MISSING)
        if not same(item, before) and not same(item, present):
            value = item
            if present is MISSING and before is not MISSING:  # taken out here, changed there
                value = pick(before, present, item)
            elif present is not MISSING and not same(present, before):
                value = _merged_item(present, before, item, pick)
            _put_item(ours, name, value, predecessor)
        predecessor = name if _index(ours, name) >= 0 else predecessor
    for name, before in old.items():
        if name not in new and name in mine:
            is_edited = not same(mine[name], before)
            value = pick(before, mine[name], MISSING) if is_edited else MISSING
            _put_item(ours, name, value, MISSING)


def _merged_item(present: Any, before: Any, item: Any, pick: Pick) -> Any:
    try:
        _merge_value(present, before, item, "", pick)
    except Unmergeable:
        return pick(before, present, item)
    return present


def _put_item(ours: MutableSequence[Any], name: object, item: Any, predecessor: object) -> None:
    place = _index(ours, name)
    if item is MISSING:
        if place >= 0:
            del ours[place]
    elif place < 0:
        _insert_item(ours, _index(ours, predecessor) + 1, item)
    elif ours[place] is not item:
        ours[place] = item


def _insert_item(ours: MutableSequence[Any], index: int, item: Any) -> None:
    # What is appended to an array of tomlkit's comes after the comment at its end.
    is_array = hasattr(ours, "multiline")
    ours.insert(min(index, max(len(ours) - 1, 0)) if is_array else index, item)


def _check_replaced(old: Mapping[object, Any], *sides: Mapping[object, Any]) -> None:
    """Raise `Unmergeable` where both sides took an item out and may have replaced it."""
    for name, before in old.items():
        if any(name in side for side in sides):
            continue
        one, other = (_in_place_of(name, old, side) for side in sides)
        if isinstance(before, Mapping) or (one and other and one != other):
            raise Unmergeable


def _in_place_of(name: object, old: Mapping[object, Any], side: Mapping[object, Any]) -> set[Any]:
    """Return what a side has new between the neighbours of an item that it took out."""
    names, places = list(old), list(side)
    at = names.index(name)
    earlier = [places.index(other) for other in names[:at] if other in side]
    later = [places.index(other) for other in names[at:] if other in side]
    between = places[max(earlier, default=-1) + 1 : min(later, default=len(places))]
    return {other for other in between if other not in old}


def _by_identity(items: Any) -> dict[object, Any]:
    named = {identity(item): item for item in items}
    if len(named) < len(items):
        raise Unmergeable
    return named


def _index(items: Sequence[Any], name: object) -> int:
    return next((i for i, item in enumerate(items) if identity(item) == name), -1)


def _insert_key(
    ours: MutableMapping[str, Any], order: Mapping[str, Any], key: str, value: Any
) -> None:
    """Put a new key where it stands in `order`, if the kind of mapping can."""
    insert: Callable[[int, str, Any], None] | None = getattr(ours, "insert", None)
    keys = list(order)
    earlier = [known for known in keys[: keys.index(key)] if known in ours]
    place = list(ours).index(earlier[-1]) + 1 if earlier else 0
    if type(ours) is dict:
        items = list(ours.items())
        ours.clear()
        ours.update([*items[:place], (key, value), *items[place:]])
    elif insert is None or not earlier:
        ours[key] = value
    else:
        insert(place, key, value)
