"""Shards: independent processes that share the variants out, balanced by measured time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageError
from generator.validate.space import Variant

FORM = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True)
class Shard:
    """The share `number` of `count`, counted from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def parse(text: str) -> Shard:
    """Return the shard that a person wrote as `3/8`; raises `UsageError`."""
    found = FORM.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"{text} is no shard.", "Write --shard 3/8 for the third of eight.")
    return Shard(int(found[1]), int(found[2]))


def share(variants: Sequence[Variant], shard: Shard | None, times: Path | None) -> list[Variant]:
    """Return the variants of a shard: neighbours, which have most files in common.

    `times` is the JSON of an earlier run, with the seconds that variants took; without it, each
    counts the same. Every shard must be given the same one.
    """
    if shard is None:
        return list(variants)
    seconds = _seconds(times) if times else {}
    usual = sum(seconds.values()) / len(seconds) if seconds else 1.0
    weights = [seconds.get(variant.name, usual) for variant in variants]
    numbers = _numbers(weights, shard.count)
    pairs = zip(variants, numbers, strict=True)
    return [variant for variant, number in pairs if number == shard.number - 1]


def _numbers(weights: Sequence[float], count: int) -> list[int]:
    """Return the number of the shard that each weight goes to, so that shards weigh the same."""
    whole = sum(weights) or 1.0
    numbers, before = [], 0.0
    for weight in weights:
        numbers.append(min(count - 1, int((before + weight / 2) / whole * count)))
        before += weight
    return numbers


def _seconds(path: Path) -> Mapping[str, float]:
    try:
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        found: dict[str, float] = {}
        for result in results:
            found[result["variant"]] = found.get(result["variant"], 0.0) + result["seconds"]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check --times.") from error
    except (ValueError, KeyError, TypeError) as error:
        what = f"{path} is no result of scaffold validate --json."
        raise UsageError(what, "Check --times.") from error
    return {name: seconds for name, seconds in found.items() if seconds > 0}
