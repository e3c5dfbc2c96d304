"""What a change of answers does to data that is in the project's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.questions.manifest import DataChange

Answers = Mapping[str, Any]


def told(old: Answers, new: Answers, known: Iterable[DataChange]) -> list[str]:
    """Return a sentence for each loss or opening of data; `known` are those of the template."""
    of_answers = [
        change.says
        for change in known
        if str(old.get(change.question)) == change.before
        and str(new.get(change.question)) == change.after
    ]
    return [*of_answers, *_dropped(old.get("resources") or [], new.get("resources") or [])]


def _dropped(old: Iterable[Answers], new: Iterable[Answers]) -> Iterator[str]:
    """Yield the tables and columns that the next migration drops."""
    left = {resource["plural"]: resource for resource in new}
    for resource in old:
        table = resource["plural"]
        if table not in left:
            yield f"The next migration drops the table {table} with all of its rows."
            continue
        fields = {field["name"]: field["type"] for field in left[table]["fields"]}
        for field in resource["fields"]:
            name = field["name"]
            if name not in fields:
                yield f"The next migration drops {name} of all rows in {table}."
            elif fields[name] != field["type"]:
                yield f"The type of {name} in {table} changes: its values must fit the new one."
