"""Reads the operations of an API beside those that every resource has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.questions.endpoints import METHODS, Endpoint
from generator.sources.names import snake
from generator.sources.tables import Reading

USUAL = {True: {"GET", "POST"}, False: {"GET", "PUT", "PATCH", "DELETE"}}


def endpoints(
    paths: Mapping[str, Mapping[str, Any]], collections: Mapping[str, str], reading: Reading
) -> dict[str, tuple[Endpoint, ...]]:
    """Return the endpoints of each collection, by its name.

    `collections` has the name of each by its path. What is no endpoint of one becomes a remark.
    """
    found: dict[str, dict[str, Endpoint]] = {name: {} for name in collections.values()}
    left_out = []
    for path, method in _operations(paths):
        of, is_whole, word = _place(path, collections)
        own = found.get(of, {})
        if of and not word and method in USUAL[is_whole]:
            continue
        name = snake(word)
        if of and word and name not in own:
            own[name] = Endpoint(name, method, is_whole)
        else:
            left_out.append(f"{method} {path}")
    if left_out:
        reading.remark("paths", f"left out, as they are of no resource: {', '.join(left_out)}.")
    return {name: tuple(own.values()) for name, own in found.items()}


def guard_remarks(
    paths: Mapping[str, Mapping[str, Any]],
    general: Any,
    collections: Iterable[str],
    reading: Reading,
) -> None:
    """Remark which collections everybody reads, where other operations need a login.

    `general` is the security of those that state none.
    """
    needs = {
        (path, method): bool(paths[path][method.lower()].get("security", general))
        for path, method in _operations(paths)
    }
    for path in collections:
        if any(needs.values()) and not needs[path, "GET"]:
            what = "everybody reads them there. scaffold generate access NAME read=all does that."
            reading.remark(path, what)


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for path, item in paths.items():
        for method in METHODS:
            if isinstance(item.get(method.lower()), Mapping):
                yield path, method


def _place(path: str, collections: Mapping[str, str]) -> tuple[str, bool, str]:
    """Return the collection that a path is of, whether it is of the whole one, and its last word.

    The word is empty for a collection and for one of its objects, and the name where the path is of
    none.
    """
    parts = path.rstrip("/").split("/")
    for size in range(len(parts), 0, -1):
        name, rest = collections.get("/".join(parts[:size]), ""), parts[size:]
        if name:
            is_whole = not rest or not rest[0].startswith("{")
            words = rest if is_whole else rest[1:]
            is_simple = len(words) < 2 and not any("{" in word for word in words)
            return (name, is_whole, words[0] if words else "") if is_simple else ("", False, "")
    return "", False, ""
