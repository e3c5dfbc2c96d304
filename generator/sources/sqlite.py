"""Reads the tables of a SQLite file."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError, UsageError
from generator.sources.raw import ON_DELETE, RawColumn, RawTable, Reference

TABLES = r"""
SELECT name, sql, type FROM sqlite_master
WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name
"""


def read(path: str) -> list[RawTable]:
    """Return the tables of the file at `path`, which is not written to; raises `ScaffoldError`."""
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"There is no file {path}.", "Write sqlite:///FILE.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(TABLES).fetchall()
            return _with_keys_as_targets([_table(database, *row) for row in rows])
    except sqlite3.Error as error:
        raise ScaffoldError(
            f"{path} cannot be read: {error}.", "Name a SQLite database."
        ) from error


def _table(database: sqlite3.Connection, name: str, sql: str | None, kind: str) -> RawTable:
    table = RawTable(name, is_view=kind == "view")
    if table.is_view:
        return table
    keys = []
    for _, column, type_, not_null, default, key, hidden in _pragma(database, "table_xinfo", name):
        table.columns.append(RawColumn(column, type_, not not_null, default, filled=bool(hidden)))
        if key:
            keys.append((key, column, type_))
    table.key = [column for _, column, _ in sorted(keys)]
    # Only a key of exactly this type is the number of the row, which SQLite gives.
    table.has_numbers = len(keys) == 1 and keys[0][2].upper() == "INTEGER"
    references: dict[int, Reference] = {}
    for number, _, to, column, key, _, deletes, _ in _pragma(database, "foreign_key_list", name):
        found = references.setdefault(number, Reference([], to, ON_DELETE.get(deletes, ""), []))
        found.columns.append(column)
        found.keys.append(key)
    table.references = [references[number] for number in sorted(references)]
    for _, index, unique, origin, partial in _pragma(database, "index_list", name):
        names = [column for _, _, column in _pragma(database, "index_info", index)]
        if origin != "pk":
            is_whole = not partial and all(names)
            table.indexes.append((names if is_whole else [], bool(unique)))
    table.checks = len(re.findall(r"(?i)\bcheck\s*\(", sql or ""))
    return table


def _with_keys_as_targets(tables: list[RawTable]) -> list[RawTable]:
    """Return the tables with references to the key of a row only, which is what a ref has."""
    keys = {table.name.lower(): table.key for table in tables}
    for table in tables:
        table.references = [
            one for one in table.references if one.keys in ([None], keys.get(one.to.lower()))
        ]
    return tables


def _pragma(database: sqlite3.Connection, pragma: str, name: str) -> list[tuple[Any, ...]]:
    return database.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,)).fetchall()  # noqa: S608
