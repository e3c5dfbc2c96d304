"""Reads the tables of a SQLite file."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError, UsageError
from generator.sources.database import RawColumn, RawTable

TABLES = r"""
SELECT name, sql FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name
"""


def read(path: str) -> list[RawTable]:
    """Return the tables of the file at `path`, which is not written to; raises `ScaffoldError`."""
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"There is no file {path}.", "Write sqlite:///FILE.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return [_table(database, name, sql) for name, sql in database.execute(TABLES)]
    except sqlite3.Error as error:
        raise ScaffoldError(
            f"{path} cannot be read: {error}.", "Name a SQLite database."
        ) from error


def _table(database: sqlite3.Connection, name: str, sql: str | None) -> RawTable:
    table = RawTable(name)
    keys = []
    # table_xinfo would also show generated columns, which cannot be fields.
    for _, column, kind, not_null, default, key in _pragma(database, "table_info", name):
        table.columns.append(RawColumn(column, kind, not not_null, default))
        if key:
            keys.append((key, column))
    table.key = [column for _, column in sorted(keys)]
    references: dict[int, tuple[list[str], str]] = {}
    for number, _, target, column, *_ in _pragma(database, "foreign_key_list", name):
        references.setdefault(number, ([], target))[0].append(column)
    table.references = [references[number] for number in sorted(references)]
    for _, index, unique, origin, partial in _pragma(database, "index_list", name):
        names = [column for _, _, column in _pragma(database, "index_info", index)]
        if origin != "pk":
            is_whole = not partial and all(names)
            table.indexes.append((names if is_whole else [], bool(unique)))
    table.checks = len(re.findall(r"(?i)\bcheck\s*\(", sql or ""))
    return table


def _pragma(database: sqlite3.Connection, pragma: str, name: str) -> list[tuple[Any, ...]]:
    return database.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,)).fetchall()  # noqa: S608
