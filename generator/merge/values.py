"""What data says, however a library keeps it, and what an item of a list is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MISSING = object()
# Lists whose items mean something by their place only: the ends of their keys, and how the health
# checks of compose files begin.
POSITIONAL = ("args", "argv", "command", "cmd", "entrypoint")
CHECKS = ("CMD", "CMD-SHELL", "NONE")
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[.*?\])?\s*[<>=!~]=")
NAMES = ("name", "id", "uses", "run", "repo")  # what tells one mapping in a list from the others


def is_positional(key: str, items: Sequence[Any]) -> bool:
    """Tell whether the `items` of a list called `key` mean something by their place."""
    return key.lower().endswith(POSITIONAL) or (len(items) > 0 and items[0] in CHECKS)


def identity(item: Any) -> object:
    """Return what an item of a list is about: a requirement's distribution, a step's name."""
    if isinstance(item, str):
        match = REQUIREMENT.match(item)
        return distribution(match[1]) if match else str(item)
    if isinstance(item, Mapping):
        for key in NAMES:
            if key in item:
                return key, str(item[key]).partition("@")[0]
    return repr(plain(item))


def distribution(name: str) -> str:
    """Return the name of a distribution as PEP 503 has it, for every way to write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same, however they are written."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    mine, new = plain(one), plain(other)
    return type(mine) is type(new) and bool(mine == new)  # `true`, `1` and `1.0` are equal


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
