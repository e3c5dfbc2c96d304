"""What the types and defaults of SQL are for fields."""

from __future__ import annotations

import re
from typing import Any

from generator.questions import limits
from generator.questions.limit_rules import MOST_CHARACTERS, MOST_DIGITS
from generator.questions.limits import DECIMALS, DIGITS, Limits
from generator.sources.tables import text_type

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
# The defaults of times and days that a project can give as the database would.
NOW = re.compile(
    r"(?i)\(*((transaction_|statement_|clock_)?(now|timestamp)\(\)|current_(timestamp|date)"
    r"|date\('now'\)|datetime\('now'\)|\('?now'?(::text)?\)::(date|timestamp[a-z ]*))\)*"
)


def type_of(sql: str, *, existing: bool = False) -> str:
    """Return the type of field for a column of that type; empty where there is none."""
    word = re.match(r"[a-z0-9_]*", sql.lower())
    name = word[0] if word else ""
    if "[" in sql or (existing and name in MAPPED_BADLY):
        return ""
    if name in STRINGS:
        length = re.search(r"\((\d+)\)", sql)
        return text_type(int(length[1]) if length else None, has_index=False)
    return "text" if name in TEXTS else TYPES.get(name, "")


def limits_of(sql: str, kind: str, *, existing: bool) -> Limits:
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
