"""The limits of a field as JSON Schema, for `schema`."""

from __future__ import annotations

from typing import Any

from generator.questions import limit_rules, resources
from generator.questions.limits import TYPES_OF

Schema = dict[str, Any]

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\n)$"
_LENGTHS = limit_rules.MOST_CHARACTERS
_BOUNDS: dict[str, Schema] = {
    "int": {"type": "integer", "minimum": limit_rules.LEAST, "maximum": limit_rules.GREATEST},
    "float": {
        "type": "number",
        "minimum": -limit_rules.MOST_FLOAT,
        "maximum": limit_rules.MOST_FLOAT,
    },
    "decimal": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?(?!\n)$"},
    "date": {"type": "string", "pattern": _DAY},
    "datetime": {"type": "string", "pattern": _DAY},
}
PROPERTIES: Schema = {
    "min": {},
    "max": {},
    "min_length": {"type": "integer", "minimum": 0},
    "max_length": {"type": "integer", "minimum": 1},
    "pattern": {"type": "string"},
    "digits": {"type": "integer", "minimum": 1, "maximum": limit_rules.MOST_DIGITS},
    "decimals": {"type": "integer", "minimum": 0, "maximum": limit_rules.MOST_DIGITS - 1},
    # A value that the pattern matches, which scaffold makes and records.
    "sample": {"type": "string"},
}


def _of(kind: str) -> Schema:
    """Return the schema of what a field of the type `kind` can be limited by."""
    refused = [name for name in ("min", "max") if kind not in TYPES_OF[name]]
    if kind not in TYPES_OF["length"]:
        refused += ["min_length", "max_length"]
    if kind not in TYPES_OF["pattern"]:
        refused.append("pattern")
    if kind != "decimal":
        refused += ["digits", "decimals"]
    properties: Schema = dict.fromkeys(refused, False)
    if kind in _BOUNDS:
        properties |= {"min": _BOUNDS[kind], "max": _BOUNDS[kind]}
    if kind in _LENGTHS:
        properties |= {
            "min_length": {"minimum": int(kind == "str"), "maximum": _LENGTHS[kind]},
            "max_length": {"maximum": _LENGTHS[kind]},
        }
    condition = {"properties": {"type": {"const": kind}}, "required": ["type"]}
    return {"if": condition, "then": {"properties": properties}}


CONDITIONS: list[Schema] = [
    *(_of(kind) for kind in resources.TYPES),
    {"dependentRequired": {"min_length": ["max_length"], "digits": ["decimals"]}},
    {"dependentRequired": {"decimals": ["digits"]}},
]
