"""What a change of answers does to data that is in the project's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.questions.manifest import DataChange

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class DataEffects:
    """A sentence for each loss or opening of data, one for data that stays behind, and steps.

    The `steps` are what the owner does so that the project works with its data again.
    """

    losses: Sequence[str] = ()
    notices: Sequence[str] = ()
    steps: Sequence[str] = ()


def effects(old: Answers, new: Answers, known: Iterable[DataChange]) -> DataEffects:
    """Return what the change of answers does; `known` are the changes that the template names."""
    changes = [
        change
        for change in known
        if str(old.get(change.question)) == change.before
        and str(new.get(change.question)) == change.after
    ]
    dropped = _dropped(old.get("resources") or [], new.get("resources") or [])
    return DataEffects(
        losses=[*(change.says for change in changes if change.asks), *dropped],
        notices=[change.says for change in changes if not change.asks],
        steps=[step for change in changes for step in change.steps],
    )


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
