"""Defaults of fields: what a row gets where a client leaves the field out."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from generator.errors import UsageError
from generator.questions import limit_rules
from generator.questions.limits import Limits

Default = str | int | float | bool
# One word of the option --resource; none of these needs quotes or escapes in any file.
WORD = re.compile(r"[A-Za-z0-9_./+-]{1,20}")
# A decimal of any scale; how many decimals it has, its field says.
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
# The time of the request, or its day in UTC.
NOW = "now"
LEAST, GREATEST = -(2**31), 2**31 - 1
# What the default of each type is in an answers file, as JSON Schema.
SCHEMAS: dict[str, dict[str, Any]] = {
    "str": {"type": "string", "pattern": f"^{WORD.pattern}(?!\\n)$"},
    "text": {"type": "string", "pattern": f"^{WORD.pattern}(?!\\n)$"},
    "int": {"type": "integer", "minimum": LEAST, "maximum": GREATEST},
    "float": {"type": "number"},
    "decimal": {"type": "string", "pattern": f"^{NUMBER.pattern}(?!\\n)$"},
    "bool": {"type": "boolean"},
    "enum": {"type": "string"},
    "date": {"const": NOW},
    "datetime": {"const": NOW},
}


def from_text(kind: str, text: str, places: int) -> Default:
    """Return the default that `text` means for a field of the type `kind`.

    A decimal has so many `places`. Text of another form is returned as it is, for `check` to
    refuse.
    """
    if kind == "bool":
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind == "decimal" and NUMBER.fullmatch(text):
        return f"{Decimal(text):.{max(places, len(text.partition('.')[2]))}f}"
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else text
    except ValueError:
        return text


def as_text(default: Default) -> str:
    """Return a default as `from_text` reads it."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def check(
    where: str, kind: str, default: Default, choices: tuple[str, ...], limits: Limits
) -> None:
    """Raise `UsageError` unless `default` is a value of the type `kind` that keeps to `limits`.

    `where` names the field for the message.
    """
    if kind not in SCHEMAS:
        cure = "Make it optional, or give the value in the code."
        raise UsageError(f"{where}: a {kind} has no default.", cure)
    wanted = _problem(kind, default, choices, limits)
    is_known = kind not in {"date", "datetime"}
    if not wanted and is_known and (limit := limit_rules.refuses(kind, limits, default)):
        wanted = f"as its {limit} says"
    if wanted:
        raise UsageError(
            f"{where}: the default {str(default)[:40]!r} is not {wanted}.", "Change it."
        )


def _problem(kind: str, default: Default, choices: tuple[str, ...], limits: Limits) -> str:
    """Return what the default should be, where it is something else."""
    match kind, default:
        case "enum", _:
            return "" if default in choices else f"one of its choices, {', '.join(choices)}"
        case "bool", _:
            return "" if isinstance(default, bool) else "true or false"
        case "int", int() if not isinstance(default, bool) and LEAST <= default <= GREATEST:
            return ""
        case "float", float() | int() if not isinstance(default, bool) and math.isfinite(default):
            return ""
        case "decimal", str() if limit_rules.is_amount(default, limits):
            return ""
        case "date" | "datetime", _:
            return "" if default == NOW else NOW
        case "str" | "text", str() if WORD.fullmatch(default):
            return ""
    return {
        "int": "an integer of 32 bits",
        "float": "a number",
        "decimal": f"a number with {limits.places} decimals that fits, in quotes",
    }.get(kind, "one word of up to 20 letters, digits and . _ / + -")
