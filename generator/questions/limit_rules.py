"""Which limits a field can have, and which values keep to them."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from generator.errors import UsageError
from generator.questions import patterns
from generator.questions.limits import DIGITS, TYPES_OF, Bound, Limits

MOST_CHARACTERS = {"str": 1000, "text": 50_000}
USUAL_CHARACTERS = 200  # of a str
MOST_INDEXED = 600  # characters of all columns: an index of PostgreSQL has room for 2,700 bytes
MOST_DIGITS = 15  # SQLite keeps so many exactly
LEAST, GREATEST, MOST_FLOAT = -(2**31), 2**31 - 1, 1e12
# A unique field has room for so many values, at least: tests and samples need them.
ROOM = 100


def check(where: str, kind: str, limits: Limits) -> None:
    """Raise `UsageError` where a field of the type `kind` cannot have these `limits`."""
    named = {"length" if "length" in name else name for name in limits.answer()}
    for name in sorted(named & TYPES_OF.keys()):
        if kind not in TYPES_OF[name]:
            kinds = ", ".join(TYPES_OF[name])
            raise UsageError(f"{where}: a {kind} has no {name}.", f"It is for: {kinds}.")
    if named & {"digits", "decimals"}:
        _check_scale(where, kind, limits)
    for name in ("min", "max"):
        bound = getattr(limits, name)
        if bound is not None and not _is_value(kind, bound, limits):
            what = f"{where}: the {name} {str(bound)[:40]!r} is not {_wanted(kind, limits)}."
            raise UsageError(what, "Change it.")
    if (limits.min is not None or limits.max is not None) and not _low(kind, limits) < _high(
        kind, limits
    ):
        raise UsageError(f"{where}: min must be less than max.", "Change one of them.")
    if "length" in named:
        _check_length(where, kind, limits)
    if limits.pattern:
        _check_pattern(where, limits)


def _check_scale(where: str, kind: str, limits: Limits) -> None:
    if kind != "decimal":
        raise UsageError(f"{where}: only a decimal has a scale.", "Make its type decimal.")
    digits, decimals = limits.digits, limits.decimals
    if digits is None or decimals is None:
        what = f"{where}: digits and decimals belong together."
        raise UsageError(what, "Give both, or none of them.")
    if not (1 <= digits <= MOST_DIGITS and 0 <= decimals < digits):
        what = f"{where}: a decimal has up to {MOST_DIGITS} digits, one before the point at least."
        raise UsageError(what, "Write decimal=12,4.")


def _check_length(where: str, kind: str, limits: Limits) -> None:
    least, most = limits.min_length, limits.max_length
    if most is None:
        raise UsageError(f"{where}: a length has a maximum.", "Give max_length, too.")
    lowest, highest = (1 if kind == "str" else 0), MOST_CHARACTERS[kind]
    if not lowest <= (lowest if least is None else least) <= most <= highest or most < 1:
        what = f"{where}: the length of a {kind} is from {lowest} to {highest}."
        raise UsageError(what, "Write length=MIN..MAX or length=MAX.")


def _check_pattern(where: str, limits: Limits) -> None:
    found = patterns.read(limits.pattern)
    for n in (1, 9999):
        value = found.sample.format(n=n)
        if not (limits.min_length or 1) <= len(value) <= (limits.max_length or USUAL_CHARACTERS):
            what = f"{where}: its length does not fit {value[:40]!r}, which its pattern allows."
            raise UsageError(what, "Let the counts of the pattern say the length.")


def room_for_unique(kind: str, limits: Limits) -> bool:
    """Tell whether these limits leave room for enough values that all differ."""
    if limits.pattern:
        return patterns.read(limits.pattern).counts
    if limits.max_length is not None:
        return limits.max_length >= patterns.ROOM
    if limits.min is None and limits.max is None and limits.digits is None:
        return True
    if kind in ("date", "datetime"):
        return False
    low, high = _low(kind, limits), _high(kind, limits)
    return math.floor(float(high)) - math.ceil(float(low)) > ROOM


def refuses(kind: str, limits: Limits, value: Bound) -> str:
    """Return the limit that a `value` of the type `kind` does not keep to; empty where it does."""
    if kind in ("str", "text"):
        least = limits.min_length if limits.min_length is not None else int(kind == "str")
        most = USUAL_CHARACTERS if kind == "str" else MOST_CHARACTERS[kind]
        if not least <= len(str(value)) <= (limits.max_length or most):
            return "length"
        is_match = not limits.pattern or patterns.matches(limits.pattern, str(value))
        return "" if is_match else "pattern"
    if kind not in TYPES_OF["min"]:
        return ""
    if limits.min is not None and _number(kind, value) < _number(kind, limits.min):
        return "min"
    if limits.max is not None and _number(kind, value) > _number(kind, limits.max):
        return "max"
    return ""


def is_amount(text: str, limits: Limits) -> bool:
    """Tell whether `text` is a decimal of the digits and decimals that `limits` say."""
    whole = (limits.digits or DIGITS) - limits.places
    point = rf"\.[0-9]{{{limits.places}}}" if limits.places else ""
    return re.fullmatch(rf"-?[0-9]{{1,{whole}}}{point}", text) is not None


def _number(kind: str, value: Bound) -> Decimal:
    if kind in ("date", "datetime"):
        return Decimal(dt.date.fromisoformat(str(value)).toordinal())
    return Decimal(str(value))


def _low(kind: str, limits: Limits) -> Decimal:
    return -_end(kind, limits) if limits.min is None else _number(kind, limits.min)


def _high(kind: str, limits: Limits) -> Decimal:
    return _end(kind, limits) if limits.max is None else _number(kind, limits.max)


def _end(kind: str, limits: Limits) -> Decimal:
    """Return the greatest value that the type itself allows."""
    if kind == "decimal":
        places = limits.places
        return Decimal(10) ** ((limits.digits or DIGITS) - places) - Decimal(10) ** -places
    if kind in ("date", "datetime"):
        return Decimal(dt.date.max.toordinal())
    return Decimal(GREATEST) if kind == "int" else Decimal(MOST_FLOAT)


def _is_value(kind: str, bound: Bound, limits: Limits) -> bool:
    match kind, bound:
        case "int", int() if not isinstance(bound, bool):
            return LEAST <= bound <= GREATEST
        case "float", int() | float() if not isinstance(bound, bool):
            return math.isfinite(bound) and abs(bound) <= MOST_FLOAT
        case "decimal", str():
            return is_amount(bound, limits)
        case "date" | "datetime", str():
            return _is_day(bound)
    return False


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9-]{10}", text) is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _wanted(kind: str, limits: Limits) -> str:
    return {
        "int": "an integer of 32 bits",
        "float": "a number of up to 12 digits",
        "decimal": f"a number with {limits.places} decimals that fits, in quotes",
    }.get(kind, "a date such as 2026-01-31")
