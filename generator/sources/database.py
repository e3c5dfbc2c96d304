"""Reads the tables of a database: columns, keys, references and indexes, but no rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.errors import UsageError
from generator.questions import defaults, limits
from generator.questions.limit_rules import MOST_CHARACTERS, MOST_DIGITS
from generator.questions.limits import DECIMALS, DIGITS, Limits
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Table, joint, text_type

TYPES = {
    **dict.fromkeys(
        "bigint bigserial int integer mediumint serial smallint tinyint".split(), "int"
    ),
    **dict.fromkeys("int2 int4 int8".split(), "int"),
    **dict.fromkeys("double float real".split(), "float"),
    **dict.fromkeys("decimal money numeric".split(), "decimal"),
    **dict.fromkeys("bool boolean".split(), "bool"),
    **dict.fromkeys("datetime timestamp timestamptz".split(), "datetime"),
    **dict.fromkeys("json jsonb".split(), "json"),
    **{name: name for name in ("date", "uuid")},
}
STRINGS = frozenset("char character nchar nvarchar varchar bpchar".split())
TEXTS = frozenset("citext clob ntext text".split())
USUAL = {"str": 200, "text": 50_000}
# A driver reads these as something else than what the field of a model takes.
MAPPED_BADLY = frozenset({"money", "uuid"})
ON_DELETE = {
    **dict.fromkeys(("NO ACTION", "RESTRICT"), "protect"),
    **{"CASCADE": "cascade", "SET NULL": "set_null"},
}
# The defaults of times and days that a project can give as the database would.
NOW = re.compile(
    r"(?i)\(*((transaction_|statement_|clock_)?(now|timestamp)\(\)|current_(timestamp|date)"
    r"|date\('now'\)|datetime\('now'\)|\('?now'?(::text)?\)::(date|timestamp.*))\)*"
)
# Tables in which migration tools and frameworks keep their own state.
BOOKKEEPING = re.compile(
    r"alembic_version|schema_migrations|spatial_ref_sys"
    r"|django_(migrations|content_type|session|admin_log)"
    r"|auth_(group|permission)(_\w+)?|auth_user_(groups|user_permissions)"
)


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


def read(url: str, *, existing: bool = False) -> Reading:
    """Return the tables of the database at `url`; raises `ScaffoldError`.

    Those of `existing` ones are to be served from where they are.
    """
    scheme, separator, rest = url.partition("://")
    kind = scheme.partition("+")[0]
    if kind == "sqlite" and separator:
        from generator.sources import sqlite

        return tables(sqlite.read(rest.removeprefix("/")), existing=existing)
    if kind in {"postgres", "postgresql"} and separator:
        from generator.sources import postgres

        return tables(postgres.read(f"postgresql://{rest}"), existing=existing)
    cure = "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
    raise UsageError(f"{scheme if separator else url!r} is no database that can be read.", cure)


def tables(raw: Sequence[RawTable], *, existing: bool = False) -> Reading:
    """Return what the database describes as tables that can become resources."""
    reading = Reading(names=[table.name for table in raw])
    for table in raw:
        if BOOKKEEPING.fullmatch(table.name):
            continue
        if table.is_view:
            reading.remark(table.name, "the view is left out.")
            continue
        columns = {}
        for one in table.columns:
            if found := _column(table, one, reading, existing=existing):
                columns[one.name] = found
        unique = _constrain(table, columns, reading, existing=existing)
        refused = _refused(table, reading) if existing else ""
        new = Table(table.name, table.name, tuple(columns.values()), unique=unique, refused=refused)
        reading.tables.append(new)
    return reading


def _refused(table: RawTable, reading: Reading) -> str:
    """Return why the rows of a table cannot be served from where they are; empty where they can."""
    kinds = {one.name: one for one in table.columns}
    if len(table.key) != 1:
        what = f"its key is of several columns ({', '.join(table.key)})" if table.key else "no key"
        return what if table.key else f"it has {what}"
    key = table.key[0]
    if _type(kinds[key].type) != "int":
        return f"its key {key} is no integer, but {kinds[key].type or 'of no type'}"
    if not table.has_numbers and kinds[key].optional:
        return f"its key {key} can be empty, as it is no INTEGER PRIMARY KEY"
    if not table.has_numbers:
        reading.remark(
            table.name, f"the database gives new rows no {key}, so that POST answers a conflict."
        )
    return ""


def _column(table: RawTable, raw: RawColumn, reading: Reading, *, existing: bool) -> Column | None:
    where, is_key = f"{table.name}.{raw.name}", raw.name in table.key
    own = frozenset() if existing else OWN_COLUMNS
    if raw.filled:
        reading.remark(where, "the column is left out: the database fills it by itself.")
        return None
    nothing = Reference([], "")
    reference = next((one for one in table.references if one.columns == [raw.name]), nothing)
    target = reference.to
    plain = "enum" if raw.choices and not existing else _type(raw.type, existing=existing)
    kind = "ref" if target else plain
    if not kind and raw.name not in own:
        what = f"no type of field is like {raw.type or 'none'}."
        needed = _needed(raw, existing=existing)
        reading.remark(where, f"the column is left out: {what}{needed}")
        return None
    default = None
    if raw.default is not None and not is_key and raw.name not in own:
        is_now = existing and plain in {"date", "datetime"} and NOW.fullmatch(raw.default)
        default = defaults.NOW if is_now else literal(raw.default)
        if default is None and raw.default.upper() != "NULL":
            reading.remark(where, f"the default is left out: {raw.default}.")
    return Column(
        raw.name,
        kind,
        where,
        raw.choices,
        target,
        optional=raw.optional and not is_key,
        default=default,
        is_key=is_key,
        limits=_limits(raw.type, plain, existing=existing),
        on_delete=reference.on_delete,
        plain=plain,
    )


def _needed(raw: RawColumn, *, existing: bool) -> str:
    """Return what it means that the API gives a column no value."""
    is_required = existing and not raw.optional and raw.default is None
    return " It has no default, so that POST answers a conflict." if is_required else ""


def _type(sql: str, *, existing: bool = False) -> str:
    word = re.match(r"[a-z0-9_]*", sql.lower())
    name = word[0] if word else ""
    if "[" in sql or (existing and name in MAPPED_BADLY):
        return ""
    if name in STRINGS:
        length = re.search(r"\((\d+)\)", sql)
        return text_type(int(length[1]) if length else None, has_index=False)
    return "text" if name in TEXTS else TYPES.get(name, "")


def _limits(sql: str, kind: str, *, existing: bool) -> Limits:
    """Return the limits that the type in SQL says."""
    numbers = [int(number) for number in re.findall(r"\d+", sql.partition("(")[2])]
    if kind in MOST_CHARACTERS and numbers and numbers[0] <= MOST_CHARACTERS[kind]:
        return limits.NONE if numbers[0] == USUAL.get(kind) else Limits(max_length=numbers[0])
    if kind == "decimal" and numbers:
        digits, decimals = (*numbers, 0)[:2]
        if decimals < digits <= MOST_DIGITS and (digits, decimals) != (DIGITS, DECIMALS):
            return Limits(digits=digits, decimals=decimals)
    elif kind == "decimal" and existing:
        return Limits(digits=MOST_DIGITS, decimals=4)
    if kind == "int" and existing and sql.lower() in {"smallint", "int2"}:
        return Limits(min=-(2**15), max=2**15 - 1)
    return limits.NONE


def literal(sql: str) -> Any:
    """Return the value of a literal in SQL, None for anything else."""
    plain = re.sub(r"::[\w\s\"\[\]]+(\(\d+\))?$", "", sql.strip())
    while plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    if text := re.fullmatch(r"'((?:[^']|'')*)'", plain):
        return text[1].replace("''", "'")
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return plain
    return {"true": True, "false": False}.get(plain.lower())


def _constrain(
    table: RawTable, columns: dict[str, Column], reading: Reading, *, existing: bool
) -> tuple[tuple[str, ...], ...]:
    """Give the columns the indexes of one column, and return those that are unique together.

    The rest becomes remarks.
    """
    together: list[tuple[str, ...]] = []
    if len(table.key) > 1 and not existing:
        words = ", ".join(table.key)
        reading.remark(table.name, f"rows get an id in place of the key ({words}).")
        together.append(tuple(table.key))
    for one in table.references:
        if len(one.columns) > 1:
            words = ", ".join(one.columns)
            reading.remark(table.name, f"the reference of ({words}) to {one.to} is left out.")
    for names, unique in table.indexes:
        own = list(names) if existing else joint(names)
        if names and not own:
            continue
        if len(own) == 1 and own[0] in columns:
            columns[own[0]] = columns[own[0]].with_index(unique=unique)
        elif unique and len(own) > 1 and set(own) <= columns.keys():
            together.append(tuple(own))
        elif not existing:
            kind, words = "unique constraint" if unique else "index", ", ".join(names)
            reading.remark(table.name, f"the {kind} ({words or 'of an expression'}) is left out.")
    if table.checks and not existing:
        reading.remark(table.name, "its check constraints are left out.")
    return tuple(dict.fromkeys(together))
