"""Reads the tables of a database: columns, keys, references and indexes, but no rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.errors import UsageError
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
# Tables in which migration tools and frameworks keep their own state.
BOOKKEEPING = re.compile(
    r"alembic_version|schema_migrations|spatial_ref_sys"
    r"|django_(migrations|content_type|session|admin_log)"
    r"|auth_(group|permission)(_\w+)?|auth_user_(groups|user_permissions)"
)


@dataclass(frozen=True)
class RawColumn:
    """A column as the database describes it; `default` is SQL."""

    name: str
    type: str
    optional: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass
class RawTable:
    """A table as the database describes it.

    `references` have columns and the table that they refer to, `indexes` columns and whether they
    are unique; an index of an expression has no columns. `checks` counts other constraints.
    """

    name: str
    columns: list[RawColumn] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    references: list[tuple[list[str], str]] = field(default_factory=list)
    indexes: list[tuple[list[str], bool]] = field(default_factory=list)
    checks: int = 0


def read(url: str) -> Reading:
    """Return the tables of the database at `url`; raises `ScaffoldError`."""
    scheme, separator, rest = url.partition("://")
    kind = scheme.partition("+")[0]
    if kind == "sqlite" and separator:
        from generator.sources import sqlite

        return tables(sqlite.read(rest.removeprefix("/")))
    if kind in {"postgres", "postgresql"} and separator:
        from generator.sources import postgres

        return tables(postgres.read(f"postgresql://{rest}"))
    cure = "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
    raise UsageError(f"{scheme if separator else url!r} is no database that can be read.", cure)


def tables(raw: Sequence[RawTable]) -> Reading:
    """Return what the database describes as tables that can become resources."""
    reading = Reading()
    for table in raw:
        if BOOKKEEPING.fullmatch(table.name):
            continue
        columns = {}
        for one in table.columns:
            if found := _column(table, one, reading):
                columns[one.name] = found
        _constrain(table, columns, reading)
        reading.tables.append(Table(table.name, table.name, tuple(columns.values())))
    return reading


def _column(table: RawTable, raw: RawColumn, reading: Reading) -> Column | None:
    where, is_key = f"{table.name}.{raw.name}", raw.name in table.key
    target = next((to for names, to in table.references if names == [raw.name]), "")
    kind = "ref" if target else "enum" if raw.choices else _type(raw.type)
    if not kind and raw.name not in OWN_COLUMNS:
        shown = raw.type or "none"
        reading.remark(where, f"the column is left out: no type of field is like {shown}.")
        return None
    scale = re.search(r",\s*(\d+)\)", raw.type)
    if kind == "decimal" and scale and int(scale[1]) > 2:
        reading.remark(where, f"a decimal has 2 digits after the point, not {scale[1]}.")
    default = None
    if raw.default is not None and not is_key and raw.name not in OWN_COLUMNS:
        default = literal(raw.default)
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
    )


def _type(sql: str) -> str:
    word = re.match(r"[a-z0-9_]*", sql.lower())
    name = word[0] if word else ""
    if "[" in sql:
        return ""
    if name in STRINGS:
        length = re.search(r"\((\d+)\)", sql)
        return text_type(int(length[1]) if length else None, has_index=False)
    return "text" if name in TEXTS else TYPES.get(name, "")


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


def _constrain(table: RawTable, columns: dict[str, Column], reading: Reading) -> None:
    """Give the columns the indexes of one column; the rest becomes remarks."""
    if len(table.key) > 1:
        words = ", ".join(table.key)
        reading.remark(table.name, f"rows get an id in place of the key ({words}).")
    for names, to in table.references:
        if len(names) > 1:
            words = ", ".join(names)
            reading.remark(table.name, f"the reference of ({words}) to {to} is left out.")
    for names, unique in table.indexes:
        own = joint(names)
        if names and not own:
            continue
        if len(own) == 1 and own[0] in columns:
            columns[own[0]] = columns[own[0]].with_index(unique=unique)
        else:
            kind, words = "unique constraint" if unique else "index", ", ".join(names)
            reading.remark(table.name, f"the {kind} ({words or 'of an expression'}) is left out.")
    if table.checks:
        reading.remark(table.name, "its check constraints are left out.")
