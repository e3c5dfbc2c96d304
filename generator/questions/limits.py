"""Limits of a field: what its values keep to beside its type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from generator.errors import UsageError
from generator.questions import patterns

Bound = str | int | float
# What can follow the type of a field, as `:WORD=VALUE`, and the types that it is for.
TYPES_OF = {
    "min": ("int", "float", "decimal", "date", "datetime"),
    "max": ("int", "float", "decimal", "date", "datetime"),
    "length": ("str", "text"),
    "pattern": ("str",),
}
DIGITS, DECIMALS = 12, 2


@dataclass(frozen=True)
class Limits:
    """What values keep to: those that are None or empty are not limited.

    `min` and `max` of a decimal are text with its number of `decimals`, those of a date are text
    such as 2026-01-31, and those of a datetime such a day at midnight in UTC. Every value of a
    decimal has `digits` at most. A `pattern` is as `patterns.read` returns it.
    """

    min: Bound | None = None
    max: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    digits: int | None = None
    decimals: int | None = None

    @property
    def places(self) -> int:
        """How many decimals a decimal has."""
        return DECIMALS if self.decimals is None else self.decimals

    @property
    def scale(self) -> str:
        """The argument of the type `decimal`; empty for the usual one."""
        return "" if self.digits is None else f"{self.digits},{self.decimals}"

    def words(self) -> list[str]:
        """Return the limits as --resource takes them, without the scale; a pattern is the last."""
        words = [f"{name}={_text(getattr(self, name))}" for name in ("min", "max")]
        words = [word for word in words if not word.endswith("=")]
        if self.max_length is not None:
            least = "" if self.min_length is None else f"{self.min_length}.."
            words.append(f"length={least}{self.max_length}")
        return [*words, f"pattern={self.pattern}"] if self.pattern else words

    def answer(self) -> dict[str, Any]:
        """Return the limits as the `resources` answer has them: without what is off."""
        entry = {one.name: getattr(self, one.name) for one in fields(self)}
        entry = {name: value for name, value in entry.items() if value not in (None, "")}
        if self.pattern:
            entry["sample"] = patterns.read(self.pattern).sample
        return entry


NONE = Limits()
KEYS = (*(one.name for one in fields(Limits)), "sample")


def from_words(where: str, kind: str, scale: str, words: Sequence[str]) -> Limits:
    """Return the limits that `words` such as `max=5` give a field of the type `kind`.

    `scale` is what follows `decimal=`, and `where` names the field for messages. Raises
    `UsageError` for text of another form; `check` judges the values.
    """
    given: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name in given:
            raise UsageError(f"{where} has {name} twice.", "Remove one of them.")
        if not value:
            raise UsageError(f"{where}: {name} has no value.", f"Write {name}=...")
        if value.endswith("?") and name != "pattern":
            raise UsageError(f"{where}: the ? follows the type.", f"Write {kind}?:{word[:-1]}.")
        given[name] = value
    digits, decimals = _scale(where, scale)
    least, most = _length(where, given["length"]) if "length" in given else (None, None)
    places = DECIMALS if decimals is None else decimals
    return Limits(
        min=_bound(kind, given["min"], places) if "min" in given else None,
        max=_bound(kind, given["max"], places) if "max" in given else None,
        min_length=least,
        max_length=most,
        pattern=patterns.read(given["pattern"]).text if "pattern" in given else "",
        digits=digits,
        decimals=decimals,
    )


def from_answer(where: str, kind: str, keys: Mapping[str, Any]) -> Limits:
    """Return the limits in the answer of a field of the type `kind`.

    Raises `UsageError` for values of other types, and for a pattern that is refused.
    """
    for name in ("min_length", "max_length", "digits", "decimals"):
        if name in keys and (not isinstance(keys[name], int) or isinstance(keys[name], bool)):
            raise UsageError(f"{where}: {name} must be an integer.", "See scaffold schema --json.")
    for name in ("min", "max"):
        if name in keys and not isinstance(keys[name], Bound):
            raise UsageError(f"{where}: {name} must be a number, or text in quotes.", "Quote it.")
    for name in ("pattern", "sample"):
        if not isinstance(keys.get(name, ""), str):
            raise UsageError(f"{where}: {name} must be text.", "Put it in quotes.")
    # The sample is made of the pattern: it is recorded, since no template could make it.
    given = {name: keys[name] for name in KEYS if name in keys and name != "sample"}
    for name in ("min", "max"):
        if kind == "float" and type(given.get(name)) is int:
            given[name] = float(given[name])
    if given.get("pattern"):
        given["pattern"] = patterns.read(given["pattern"]).text
    if (given.get("digits"), given.get("decimals")) == (DIGITS, DECIMALS):
        del given["digits"], given["decimals"]
    return Limits(**given)


def _text(value: Bound | None) -> str:
    return "" if value is None else str(value)


def _scale(where: str, scale: str) -> tuple[int | None, int | None]:
    if not scale:
        return None, None
    found = re.fullmatch(r"([0-9]{1,2}),([0-9]{1,2})", scale)
    if not found:
        raise UsageError(f"{where}: {scale[:40]!r} is no scale.", "Write decimal=12,4.")
    digits, decimals = int(found[1]), int(found[2])
    return (None, None) if (digits, decimals) == (DIGITS, DECIMALS) else (digits, decimals)


def _length(where: str, text: str) -> tuple[int | None, int]:
    found = re.fullmatch(r"(?:([0-9]{1,6})\.\.)?([0-9]{1,6})", text)
    if not found:
        raise UsageError(
            f"{where}: {text[:40]!r} is no length.", "Write length=40 or length=2..40."
        )
    return int(found[1]) if found[1] else None, int(found[2])


def _bound(kind: str, text: str, places: int) -> Bound:
    """Return what `text` means; text of another form as it is, for `check` to refuse."""
    if kind == "decimal" and re.fullmatch(rf"-?[0-9]{{1,15}}(\.[0-9]{{1,{places or 1}}})?", text):
        return f"{Decimal(text) + 0:.{places}f}"
    try:
        return int(text) if kind == "int" else float(text) + 0.0 if kind == "float" else text
    except ValueError:
        return text
