"""The limits that a source states, as far as a field can have them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from generator.errors import UsageError
from generator.questions import limit_rules, limits
from generator.questions.limits import Limits
from generator.sources.python import keywords, last_name, literal

# Limits that stand or fall together.
GROUPS = (("digits", "decimals"), ("min_length", "max_length"), ("pattern",), ("min",), ("max",))
# What the type of a field says anyway.
USUAL = {
    ("str", "min_length"): 1,
    ("str", "max_length"): limit_rules.USUAL_CHARACTERS,
    ("text", "min_length"): 0,
    ("text", "max_length"): limit_rules.MOST_CHARACTERS["text"],
    ("int", "min"): limit_rules.LEAST,
    ("int", "max"): limit_rules.GREATEST,
}
VALIDATORS = {
    "MinValueValidator": "min",
    "MaxValueValidator": "max",
    "MinLengthValidator": "min_length",
    "MaxLengthValidator": "max_length",
    "RegexValidator": "pattern",
}


def stated(kind: str, given: Mapping[str, Any], tell: Callable[[str], None]) -> Limits:
    """Return the `given` limits, by their names, of a field of the type `kind`.

    `tell` is called with a sentence for each that such a field cannot have.
    """
    wanted = {
        name: value
        for name, value in given.items()
        if value is not None and USUAL.get((kind, name)) != value
    }
    if "min_length" in wanted and kind in limit_rules.MOST_CHARACTERS:
        wanted.setdefault("max_length", USUAL[kind, "max_length"])
    found = limits.NONE
    for names in GROUPS:
        group = {name: wanted[name] for name in names if name in wanted}
        places = limits.DECIMALS if found.decimals is None else found.decimals
        more = {name: _value(kind, name, value, places) for name, value in group.items()}
        try:
            new = limits.from_answer("", kind, {**found.answer(), **more}) if more else found
            limit_rules.check("", kind, new)
        except UsageError:
            told = ", ".join(f"{name} {str(value)[:40]}" for name, value in group.items())
            tell(f"limits are left out: {told}.")
        else:
            found = new
    return found


def of_validators(nodes: Sequence[ast.expr], tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the limits that the validators of a Django field state, by their names."""
    given = {}
    for node in nodes:
        name = VALIDATORS.get(last_name(node))
        arguments = node.args if isinstance(node, ast.Call) else []
        value = bound(arguments[0]) if arguments else None
        if name and value is not None:
            given[name] = value
        else:
            tell(f"a validator is left out: {ast.unparse(node)}.")
    return given


def bound(node: ast.expr) -> Any:
    """Return the value of a literal, a Decimal, a date or its midnight; else None."""
    if not isinstance(node, ast.Call):
        return literal(node)
    values = [literal(one) for one in node.args]
    if last_name(node) == "Decimal" and values:
        return str(values[0])
    is_day = last_name(node) in {"date", "datetime"} and len(values) == 3
    if is_day and all(isinstance(value, int) for value in values):
        return "{:04}-{:02}-{:02}".format(*values)
    return None


def number(call: ast.expr | None, position: int, name: str) -> int | None:
    """Return a whole number among the arguments of a call, by its position or its name."""
    if not isinstance(call, ast.Call):
        return None
    given = call.args[position] if len(call.args) > position else keywords(call).get(name)
    value = literal(given)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _value(kind: str, name: str, value: Any, places: int) -> Any:
    if name == "pattern":
        return re.sub(r"^\^|(\$|\\[zZ])$", "", str(value))
    if name in {"min", "max"} and kind == "decimal":
        try:
            return f"{Decimal(str(value)):.{places}f}"
        except InvalidOperation:
            return value
    if name in {"min", "max"} and kind == "datetime":
        return re.sub(r"T00:00:00(\.0+)?(Z|\+00:00)$", "", str(value))
    return value
