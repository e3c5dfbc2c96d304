"""Tables as a database describes them."""

from __future__ import annotations

from dataclasses import dataclass, field

ON_DELETE = {
    **dict.fromkeys(("NO ACTION", "RESTRICT"), "protect"),
    **{"CASCADE": "cascade", "SET NULL": "set_null"},
}


@dataclass(frozen=True)
class RawColumn:
    """A column as the database describes it; `default` is SQL.

    The database fills one that is `filled` by itself, such as a generated one.
    """

    name: str
    type: str
    optional: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True)
class Reference:
    """The columns of a reference, the table that it is to, and what the delete of a row there does.

    `keys` are the columns there, or None where they are left out.
    """

    columns: list[str]
    to: str
    on_delete: str = ""
    keys: list[str | None] = field(default_factory=list)


@dataclass
class RawTable:
    """A table as the database describes it.

    `indexes` have columns and whether they are unique; an index of an expression has no columns.
    `checks` counts other constraints. The database gives new rows a key where it `has_numbers`.
    """

    name: str
    columns: list[RawColumn] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    indexes: list[tuple[list[str], bool]] = field(default_factory=list)
    checks: int = 0
    is_view: bool = False
    has_numbers: bool = True
