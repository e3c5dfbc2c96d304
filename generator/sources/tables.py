"""What the readers of all sources return: tables with their columns, and remarks on the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from generator.questions import limits
from generator.questions.endpoints import Endpoint
from generator.questions.limits import Limits

# Columns that every resource has anyway.
OWN_COLUMNS = frozenset({"id", "created_at", "updated_at", "owner", "owner_id"})
STR_LENGTH = 200  # characters that a str holds


@dataclass(frozen=True)
class Remark:
    """Something of a source that the resources do not have, or have in another way."""

    where: str
    text: str

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line, to sort by."""
        file, _, line = self.where.rpartition(":")
        return (file, int(line)) if line.isdecimal() else (self.where, 0)

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True)
class Column:
    """A column as its source has it; `type` is one of a field's types.

    `target` is the table or the class that it refers to, `on_delete` what becomes of the row where
    that is deleted, and `plain` the type of what is stored. `is_key` tells that it is the primary
    key or a part of it.
    """

    name: str
    type: str
    where: str
    choices: tuple[str, ...] = ()
    target: str = ""
    optional: bool = False
    unique: bool = False
    index: bool = False
    default: Any = None
    is_key: bool = False
    limits: Limits = limits.NONE
    on_delete: str = ""
    plain: str = ""

    def with_index(self, *, unique: bool) -> Column:
        """Return the column with an index of its own."""
        return replace(self, unique=True) if unique else replace(self, index=True)


@dataclass(frozen=True)
class Table:
    """A table, a model or a schema. `plural` is empty where the source does not say it.

    `unique` has sets of columns that are unique together. Where `refused` says why, the API cannot
    serve the rows from where they are. `others` are further names by which columns refer to it. The
    name of a class is never a plural, and is written in CamelCase. `endpoints` are what can be done
    with objects beside the usual.
    """

    name: str
    where: str
    columns: tuple[Column, ...]
    plural: str = ""
    others: tuple[str, ...] = ()
    is_class: bool = False
    unique: tuple[tuple[str, ...], ...] = ()
    refused: str = ""
    endpoints: tuple[Endpoint, ...] = ()


@dataclass
class Reading:
    """The tables of a source, and remarks on what was left out of them.

    `names` are those of all tables of a database, `links` those that join many to many.
    """

    tables: list[Table] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, where: str, text: str) -> None:
        """Add a remark."""
        self.remarks.append(Remark(where, text))


def text_type(length: int | None, *, has_index: bool) -> str:
    """Return the type for text of that length, None where it has no limit.

    A text can have no index, so that indexed text is a str whatever its length.
    """
    return "str" if has_index or (length and length <= 255) else "text"


def joint(names: Iterable[str]) -> list[str]:
    """Return which columns a constraint joins, without those that every resource has."""
    return [name for name in names if name not in OWN_COLUMNS]
