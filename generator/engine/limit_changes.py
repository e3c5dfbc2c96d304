"""What other limits of a field, or another set of unique fields, do to rows that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from generator.questions.limit_rules import USUAL_CHARACTERS
from generator.questions.limits import DECIMALS, DIGITS

Answers = Mapping[str, Any]


def rounded(old: Iterable[Answers], new: Iterable[Answers]) -> Iterator[str]:
    """Yield what loses decimals when the next migration runs."""
    for table, before, after in _kept(old, new):
        if _decimals(after) < _decimals(before):
            many = f"{_decimals(after)} decimals"
            yield f"The next migration rounds {after['name']} of all rows in {table} to {many}."


def narrowed(old: Iterable[Answers], new: Iterable[Answers]) -> Iterator[str]:
    """Yield what rows that exist may not keep to, from now on or when the next migration runs."""
    for table, before, after in _kept(old, new):
        name = after["name"]
        if (column := _column(after)) < _column(before):
            what = "characters" if after["type"] == "str" else "digits before the point"
            yield f"Values of {name} in {table} with more than {column} {what} stop the migration."
        elif _is_narrower(before, after):
            yield (
                f"The limits of {name} in {table} are narrower: rows keep the values that they "
                "have, and what the API writes keeps to the new limits."
            )
    known = {resource["name"]: _sets(resource) for resource in old}
    for resource in new:
        if resource["name"] in known:
            for names in sorted(_sets(resource) - known[resource["name"]]):
                yield (
                    f"{' and '.join(names)} are unique together in {resource['plural']}: rows with "
                    "the same values stop the migration."
                )


def _kept(old: Iterable[Answers], new: Iterable[Answers]) -> Iterator[tuple[str, Answers, Answers]]:
    """Yield each field that had its type before, with its table and as it was."""
    known = {
        (resource["plural"], field["name"], field["type"]): field
        for resource in old
        for field in resource["fields"]
    }
    for resource in new:
        for after in resource["fields"]:
            before = known.get((resource["plural"], after["name"], after["type"]))
            if before is not None:
                yield resource["plural"], before, after


def _sets(resource: Answers) -> set[tuple[str, ...]]:
    return {tuple(sorted(names)) for names in resource.get("unique", [])}


def _decimals(field: Answers) -> int:
    return int(field.get("decimals", DECIMALS)) if field["type"] == "decimal" else 0


def _column(field: Answers) -> int:
    """Return how many characters or digits the column of a field has room for."""
    if field["type"] == "decimal":
        return int(field.get("digits", DIGITS)) - _decimals(field)
    return int(field.get("max_length", USUAL_CHARACTERS)) if field["type"] == "str" else 0


def _is_narrower(before: Answers, after: Answers) -> bool:
    for key, sign in (("min", 1), ("min_length", 1), ("max", -1), ("max_length", -1)):
        if key in after and (key not in before or _more(after[key], before[key]) == sign):
            return True
    return "pattern" in after and after["pattern"] != before.get("pattern")


def _more(one: Any, other: Any) -> int:
    """Return 1 where `one` is more than `other`, -1 where it is less, and 0 where it is neither."""
    if isinstance(one, str) and "-" not in one[1:]:  # a decimal; days are in the order of text
        one, other = Decimal(one), Decimal(other)
    return int(one > other) - int(one < other)
