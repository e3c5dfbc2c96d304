"""A value of a YAML file and its key, so that a value of the wrong type is refused by its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.errors import ScaffoldError


@dataclass(frozen=True)
class Node:
    """A value of `file`; a key that is missing has None. Every method raises `ScaffoldError`."""

    file: str
    value: Any
    key: str = ""

    def __bool__(self) -> bool:
        return self.value is not None

    def __getitem__(self, name: str) -> Node:
        return self._below(name, self._mapping().get(name))

    def entries(self) -> dict[str, Any]:
        """Return the values of a mapping, unchecked."""
        return dict(self._mapping())

    def children(self) -> Iterator[tuple[str, Node]]:
        """Yield the names and values of a mapping."""
        for name, value in self._mapping().items():
            yield name, self._below(name, value)

    def items(self) -> Iterator[Node]:
        """Yield the values of a list."""
        if not isinstance(self.value, list | None):
            raise self.damaged("a list")
        for position, value in enumerate(self.value or []):
            yield self._below(str(position), value)

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(item.text() for item in self.items())

    def text(self, default: str = "") -> str:
        """Return a text."""
        if not isinstance(self.value, str | None):
            raise self.damaged("text, in quotes where YAML reads it as something else")
        return default if self.value is None else self.value

    def number(self, default: int | None = None) -> int:
        """Return a whole number; without a `default`, it must be there."""
        value = default if self.value is None else self.value
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.damaged("a whole number")
        return value

    def flag(self, *, default: bool) -> bool:
        """Return true or false."""
        value = default if self.value is None else self.value
        if not isinstance(value, bool):
            raise self.damaged("true or false")
        return value

    def laid_over(self, other: Node) -> Node:
        """Return `other` with what is here: mappings are merged, lists joined, others replaced."""
        return Node(self.file, _laid_over(self.value, other.value), self.key)

    def damaged(self, wanted: str) -> ScaffoldError:
        """Return the error that says what the value must be."""
        where = self.key or "the whole file"
        what = f"The template's {self.file} is damaged: {where} must be {wanted}."
        return ScaffoldError(what, "Report it to the template's maintainers.")

    def _mapping(self) -> dict[str, Any]:
        if not isinstance(self.value, dict | None):
            raise self.damaged("a mapping")
        value = self.value or {}
        for name in value:
            if not isinstance(name, str):
                raise self._below(str(name), None).damaged("under a key that is text")
        return value

    def _below(self, name: str, value: Any) -> Node:
        return Node(self.file, value, f"{self.key}.{name}" if self.key else name)


def _laid_over(own: Any, other: Any) -> Any:
    if own is None or other is None:
        return other if own is None else own
    if isinstance(own, dict) and isinstance(other, dict):
        return {**other, **{key: _laid_over(value, other.get(key)) for key, value in own.items()}}
    if isinstance(own, list) and isinstance(other, list):
        return [*other, *own]
    return own
