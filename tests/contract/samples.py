"""Values of a field, known from its schema: valid ones, and the last and first beyond a limit."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Schema = dict[str, Any]

DAYS = {"date", "date-time"}
FORMATS_OF_TEXT = {"", "decimal", *DAYS}
# Random days of two centuries would soon collide where they must be unique.
NUMBERS = itertools.count(1)


def sample(kind: str, schema: Schema) -> Any:
    """A valid value, another one each time where the type has room for it."""
    if choices := schema.get("enum"):
        return choices[0]
    fresh, form = uuid.uuid4(), schema.get("format", "")
    if form in DAYS:
        return _day(schema, next(NUMBERS))
    if form == "decimal":
        return _decimal(schema, next(NUMBERS))
    if kind == "string" and schema.get("pattern"):
        return _matching(schema)
    if kind in ("integer", "number"):
        low, high = schema.get("minimum"), schema.get("maximum")
        within = _between if kind == "integer" else _float
        return within(low, high, next(NUMBERS))
    by_format: dict[str, Any] = {
        "uuid": str(fresh),
        "email": f"{fresh.hex}@example.com",
        "uri": f"https://example.com/{fresh.hex}",
    }
    text = fresh.hex.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 50_000)]
    by_kind: dict[str, Any] = {"string": text, "boolean": True, "array": [], "object": {}}
    return by_format.get(form, by_kind.get(kind, fresh.hex))


def edges(kind: str, schema: Schema) -> Iterator[tuple[Any, Any]]:
    """Each limit of the schema: the last value that keeps to it, and one beyond."""
    form = schema.get("format", "")
    if schema.get("enum") or form not in FORMATS_OF_TEXT | {"int32", "int64", "double", "float"}:
        return
    if kind in ("integer", "number"):
        for keyword, step in (("minimum", -1), ("maximum", 1)):
            if (bound := schema.get(keyword)) is not None:
                yield bound, bound + step
    elif form:
        for keyword, step in (("formatMinimum", -1), ("formatMaximum", 1)):
            if (bound := schema.get(keyword)) is not None:
                yield bound, _beyond(form, bound, step)
    elif schema.get("pattern"):
        value = _matching(schema)
        yield value, f"{value}\n"
    else:
        if least := schema.get("minLength"):
            yield sample(kind, schema)[:least], "x" * (least - 1)
            yield sample(kind, schema), ""
        if most := schema.get("maxLength"):
            yield sample(kind, schema).ljust(most, "x"), "x" * (most + 1)


def _between(low: float | None, high: float | None, n: int) -> int:
    low = -500_000 if low is None or low < -500_000 else low
    high = low + 1_000_000 if high is None else min(high, low + 1_000_000)
    return int(low) + n % (int(high) - int(low) + 1)


def _float(low: float | None, high: float | None, n: int) -> float:
    if low is None:
        low = 0.5 if high is None else high - 1000
    high = low + 1_000_000 if high is None else high
    return low + (high - low) * (n % 1_000_000) / 1_000_000


def _day(schema: Schema, n: int) -> str:
    first, last = (
        dt.date.fromisoformat(schema.get(keyword, usual)[:10])
        for keyword, usual in (("formatMinimum", "1900-01-01"), ("formatMaximum", "2090-12-31"))
    )
    first = min(first, last - dt.timedelta(days=1))
    day = first + dt.timedelta(days=1 + n % (last - first).days)
    is_time = schema["format"] == "date-time"
    return f"{day}T00:00:00Z" if is_time else day.isoformat()


def _decimal(schema: Schema, n: int) -> str:
    """A decimal with as many digits as its pattern has, before the point and after it."""
    whole, places = map(int, re.findall(r"\{0,(\d+)\}", schema["pattern"]))
    most = 10 ** min(whole, 6) - 1
    unit = Decimal(10) ** -places
    low = Decimal(schema.get("formatMinimum", 0))
    high = Decimal(schema.get("formatMaximum", low + most))
    if "formatMinimum" not in schema and high < most:
        low = high - most
    high = min(high, 10**whole - unit)
    return str(low + unit * (n % int((high - low) / unit + 1)))


def _beyond(form: str, bound: str, step: int) -> str:
    if form == "decimal":
        return str(Decimal(bound) + step * Decimal((0, (1,), Decimal(bound).as_tuple().exponent)))
    if form == "date":
        return str(dt.date.fromisoformat(bound) + dt.timedelta(days=step))
    moment = dt.datetime.fromisoformat(bound) + dt.timedelta(seconds=step)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _matching(schema: Schema) -> str:
    """Text that the schema's pattern describes from its beginning to its end."""
    parts = re._parser.parse(schema["pattern"])  # type: ignore[attr-defined]
    lengths = range(schema.get("minLength", 0), schema.get("maxLength", 50_000) + 1)
    tries = ("".join(_of(parts)) for _ in range(1000))
    return next(text for text in tries if len(text) in lengths)


def _of(parts: Any) -> Iterator[str]:
    for operation, argument in parts:
        match str(operation):
            case "LITERAL":
                yield chr(argument)
            case "IN":
                characters = [c for part in argument for c in _characters(*part)]
                yield random.choice(characters)
            case "MAX_REPEAT":
                least, most, inner = argument
                for _ in range(random.randint(least, min(most, max(least, 12)))):
                    yield from _of(inner)
            case "SUBPATTERN":
                yield from _of(argument[-1])
            case "BRANCH":
                yield from _of(random.choice(argument[1]))
            case "AT":
                pass
            case _:
                raise NotImplementedError(f"{operation} in a pattern")


def _characters(operation: Any, argument: Any) -> list[str]:
    if str(operation) == "RANGE":
        first, last = argument
        return [chr(code) for code in range(first, last + 1)]
    assert str(operation) == "LITERAL", operation
    return [chr(argument)]
