"""Reads typed fields of a TOML file; what is wrong is one line that names the key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.errors import UsageError, did_you_mean


@dataclass
class Table:
    """A table of a file; `where` names it for people, and `known` are keys that were read."""

    where: str
    data: dict[str, Any]
    known: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Raise `UsageError` for a key that nothing has read."""
        for key in self.data:
            if key not in self.known:
                raise UsageError(
                    f"{self.where} has no key {key!r}.", did_you_mean(key, sorted(self.known))
                )

    def has(self, key: str) -> bool:
        """Tell whether there is a value."""
        self.known.add(key)
        return key in self.data

    def anything(self, key: str, default: Any) -> Any:
        """Return a value as it stands; it has the type of the `default`, unless that is None."""
        self.known.add(key)
        value = self.data.get(key, default)
        if default is not None and not isinstance(value, type(default)):
            kind = "a table" if isinstance(default, dict) else "a list"
            raise UsageError(f"{self.where}: {key} must be {kind}.", "Put it right.")
        return value

    def text(self, key: str, *, needed: bool = False) -> str:
        """Return a text, which is empty where it is missing and not `needed`."""
        self.known.add(key)
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise UsageError(f"{self.where}: {key} must be a text.", f'Write {key} = "...".')
        if needed and not value:
            raise UsageError(f"{self.where}: {key} is missing.", f'Write {key} = "...".')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.anything(key, [])
        if not all(isinstance(item, str) for item in value):
            raise UsageError(
                f"{self.where}: {key} must be a list of texts.", f'Write {key} = ["..."].'
            )
        return tuple(value)

    def number(self, key: str, default: float) -> float:
        """Return a number that is not negative."""
        self.known.add(key)
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise UsageError(f"{self.where}: {key} must be a number.", f"Write {key} = {default}.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        self.known.add(key)
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise UsageError(f"{self.where}: {key} must be true or false.", f"Write {key} = true.")
        return value

    def one_of(self, key: str, words: Sequence[str]) -> str:
        """Return one of `words`, by default the first."""
        value = self.text(key) or words[0]
        if value not in words:
            raise UsageError(
                f"{self.where}: {key} cannot be {value!r}.", did_you_mean(value, list(words))
            )
        return value

    def table(self, key: str) -> Table:
        """Return a table in this one, empty where it is missing."""
        return Table(f"{self.where} [{key}]", self.anything(key, {}))

    def tables(self, key: str) -> list[Table]:
        """Return a list of tables."""
        found = self.anything(key, [])
        if not all(isinstance(entry, dict) for entry in found):
            raise UsageError(f"{self.where}: {key} must be tables.", f"Write [[{key}]].")
        return [Table(f"{self.where} [[{key}]] {n}", entry) for n, entry in enumerate(found, 1)]
