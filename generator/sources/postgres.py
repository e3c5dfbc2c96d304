"""Reads the tables of a PostgreSQL database, in the first schema of its search path."""

from __future__ import annotations

from dataclasses import replace

from generator.errors import ScaffoldError
from generator.sources.raw import RawColumn, RawTable, Reference

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       COALESCE(pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attidentity <> '' THEN 'identity' END),
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e
             WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder),
       a.attgenerated <> '' OR a.attidentity = 'a', c.relkind IN ('v', 'm')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT c.relispartition
ORDER BY c.relname, a.attnum
"""
NAMES = """
ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY AS k(number, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number ORDER BY k.place)
"""
REFERENCES = """
SELECT c.relname, {names}, t.relname, f.confdeltype
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid
LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary
WHERE f.contype = 'f' AND f.conparentid = 0
      -- to rows by their key, which is what a ref has
      AND f.confkey = ARRAY(SELECT unnest(k.indkey::int2[]))
ORDER BY f.conname
""".replace("{names}", NAMES.replace("{numbers}", "f.conkey"))
INDEXES = """
SELECT c.relname, {names}, i.indisunique, i.indisprimary,
       i.indpred IS NULL AND i.indexprs IS NULL
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid ORDER BY i.indexrelid
""".replace("{names}", NAMES.replace("{numbers}", "i.indkey::int2[]"))
CHECKS = """
SELECT c.relname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
WHERE f.contype IN ('c', 'x')
"""


# What the system tables call an action.
ON_DELETE = {"a": "protect", "r": "protect", "c": "cascade", "n": "set_null"}


def read(url: str) -> list[RawTable]:
    """Return the tables of the database at `url`; raises `ScaffoldError`."""
    try:
        import psycopg
    except ImportError as error:
        what = "PostgreSQL is read by psycopg, which is not installed."
        raise ScaffoldError(what, "Run: pip install 'psycopg[binary]'") from error
    tables: dict[str, RawTable] = {}
    try:
        with psycopg.connect(url, connect_timeout=10) as database:
            for name, column, kind, optional, default, choices, filled, is_view in database.execute(
                COLUMNS
            ):
                table = tables.setdefault(name, RawTable(name, is_view=is_view))
                raw = RawColumn(column, kind, optional, default, tuple(choices), filled)
                table.columns.append(raw)
            for name, names, target, deletes in database.execute(REFERENCES):
                if name in tables:
                    found = Reference(names, target, ON_DELETE.get(deletes, ""))
                    tables[name].references.append(found)
            for name, names, unique, is_key, is_whole in database.execute(INDEXES):
                if name in tables and is_key:
                    _set_key(tables[name], names)
                elif name in tables:
                    tables[name].indexes.append((names if is_whole else [], unique))
            for (name,) in database.execute(CHECKS):
                if name in tables:
                    tables[name].checks += 1
    except psycopg.Error as error:
        why = " ".join(str(error).split()).rstrip(".?")
        raise ScaffoldError(f"The database cannot be read: {why}.", "Check the URL.") from error
    return list(tables.values())


def _set_key(table: RawTable, names: list[str]) -> None:
    """Note the key, a column that the API reads whatever fills it."""
    table.key = names
    keys = [column for column in table.columns if column.name in names]
    table.has_numbers = any(column.filled or column.default for column in keys)
    table.columns = [
        replace(column, filled=False) if column in keys else column for column in table.columns
    ]
