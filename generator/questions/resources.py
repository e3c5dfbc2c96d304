"""Resources and their fields, and how they are written as options and as answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generator.questions import defaults, limits, relations
from generator.questions.access import DEFAULT, Access
from generator.questions.defaults import Default
from generator.questions.endpoints import Endpoint
from generator.questions.limits import Limits
from generator.questions.plurals import pluralize

TYPES = tuple(
    "str text int float decimal bool date datetime uuid json email url enum ref refs".split()
)
MODIFIERS = ("optional", "unique", "index")
UNORDERED = frozenset({"text", "json", "bool"})  # types that are never worth an index
# So that every rendered line fits, formatted, into 100 columns.
MAX_NAME, MAX_PLURAL, MAX_FIELD_NAME, MAX_CHOICE = 20, 24, 24, 20
RESOURCE_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHOICE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """One field; `choices` are an enum's values, `target` is what a ref or refs points to.

    `default` is what a row gets where a client leaves the field out; a decimal's is text. The
    `limits` are what its values keep to. `on_delete` says what the delete of the target does,
    `singular` what one of many is called, `stored` the column of a table that exists already.
    """

    name: str
    type: str
    choices: tuple[str, ...] = ()
    target: str = ""
    optional: bool = False
    unique: bool = False
    index: bool = False
    default: Default | None = None
    limits: Limits = limits.NONE
    on_delete: str = ""
    singular: str = ""
    stored: str = ""

    @property
    def column(self) -> str:
        """The name of the column and of the key in JSON."""
        if self.type == "refs":
            return f"{self.singular}_ids"
        return f"{self.name}_id" if self.type == "ref" else self.name

    @property
    def names(self) -> set[str]:
        """Every name that the field takes: its own, its column's and its filter's."""
        one = self.singular
        return {self.name, self.column, *([f"{one}_id", f"{one}_links"] if one else [])}

    @property
    def fills_rows(self) -> bool:
        """Whether rows that exist already get a value when the field is added."""
        return self.optional or self.type in {"enum", "refs"} or self.default is not None

    def option(self) -> str:
        """Return the field as --resource takes it."""
        argument = ",".join(self.choices) or self.target or self.limits.scale
        kind = f"{self.type}={argument}" if argument else self.type
        kind = "file" if kind == "ref=file" else kind
        words = [self.name, kind, *(m for m in MODIFIERS if getattr(self, m))]
        words += [relations.modifier(self.on_delete)] if self.on_delete else []
        if self.default is not None:
            words.append(f"default={defaults.as_text(self.default)}")
        words += [f"column={self.stored}"] if self.stored else []
        return ":".join([*words, *self.limits.words()])

    def answer(self) -> dict[str, Any]:
        """Return the field as the `resources` answer has it: without what is off."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.choices:
            entry["choices"] = list(self.choices)
        if self.target:
            entry["target"] = self.target
        if self.singular:
            entry["singular"] = self.singular
        entry.update({modifier: True for modifier in MODIFIERS if getattr(self, modifier)})
        if self.default is not None:
            entry["default"] = self.default
        if self.on_delete:
            entry["on_delete"] = self.on_delete
        if self.stored:
            entry["column"] = self.stored
        return {**entry, **self.limits.answer()}


@dataclass(frozen=True)
class Resource:
    """One resource of the API: `name` and `plural` name its package and its route.

    `unique` has sets of fields of which no two rows have the same values. `label` is what its
    migrations and tables are called by, where that is not the plural. `endpoints` are those that it
    has beside the five of every resource. With a `table`, its rows are in one that exists already,
    and `key` is the column of their ids.
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    access: Access = DEFAULT
    unique: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    endpoints: tuple[Endpoint, ...] = ()
    table: str = ""
    key: str = ""

    def option(self) -> str:
        """Return the resource as --resource takes it."""
        is_derived = self.plural == pluralize(self.name)
        name = self.name if is_derived else f"{self.name}/{self.plural}"
        unique = "".join(f":unique={'+'.join(names)}" for names in self.unique)
        fields = (field.option() for field in self.fields)
        endpoints = (endpoint.option() for endpoint in self.endpoints)
        existing = "".join(f":{word}={v}" for word, v in self._existing().items())
        return " ".join([f"{name}{self.access.option()}{existing}{unique}", *fields, *endpoints])

    def answer(self) -> dict[str, Any]:
        """Return the resource as the `resources` answer has it: without what is off."""
        entry: dict[str, Any] = {"name": self.name, "plural": self.plural}
        if self.label:
            entry["label"] = self.label
        entry |= self.access.answer() | self._existing()
        if self.endpoints:
            entry["endpoints"] = [endpoint.answer() for endpoint in self.endpoints]
        entry["fields"] = [field.answer() for field in self.fields]
        if self.unique:
            entry["unique"] = [list(names) for names in self.unique]
        return entry

    def _existing(self) -> dict[str, str]:
        given = {"table": self.table, "key": self.key}
        return {word: value for word, value in given.items() if value}
