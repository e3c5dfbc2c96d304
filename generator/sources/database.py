"""Reads the tables of a database: columns, keys, references and indexes, but no rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.errors import UsageError
from generator.questions import defaults
from generator.sources import sql_types
from generator.sources.raw import RawColumn, RawTable, Reference
from generator.sources.sql_types import limits_of, literal, type_of
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Table, joint

# Tables in which migration tools and frameworks keep their own state.
BOOKKEEPING = re.compile(
    r"alembic_version|schema_migrations|spatial_ref_sys"
    r"|django_(migrations|content_type|session|admin_log)"
    r"|auth_(group|permission)(_\w+)?|auth_user_(groups|user_permissions)"
)


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
    if type_of(kinds[key].type) != "int":
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
    plain = "enum" if raw.choices and not existing else type_of(raw.type, existing=existing)
    kind = "ref" if target else plain
    if not kind and raw.name not in own:
        what = f"no type of field is like {raw.type or 'none'}."
        needed = _needed(raw, existing=existing)
        reading.remark(where, f"the column is left out: {what}{needed}")
        return None
    default = None
    if raw.default is not None and not is_key and raw.name not in own:
        is_now = existing and plain in {"date", "datetime"} and sql_types.NOW.fullmatch(raw.default)
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
        limits=limits_of(raw.type, plain, existing=existing),
        on_delete=reference.on_delete,
        plain=plain,
    )


def _needed(raw: RawColumn, *, existing: bool) -> str:
    """Return what it means that the API gives a column no value."""
    is_required = existing and not raw.optional and raw.default is None
    return " It has no default, so that POST answers a conflict." if is_required else ""


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
