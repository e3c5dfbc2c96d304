"""Whom a change of the options `owner`, `read` and `write` of resources lets in, or cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import UsageError
from generator.questions.access import OPTIONS
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import Resource

Answers = Mapping[str, Any]
WHO = {"users": "everybody who is signed in", "all": "everybody", "admin": "administrators"}


def opened(old: Answers, new: Answers) -> Iterator[str]:
    """Yield a sentence for each resource whose rows more people read or write than before.

    Raises `UsageError` where rows that have no owner would need one, and for options of rows that
    get their owner in this change.
    """
    known = {resource.plural: resource for resource in _resources(old)}
    for now in _resources(new):
        before = known.get(now.plural)
        if before and before.access != now.access:
            if old.get("auth") == "none":  # the migration that comes with accounts knows no options
                options = ", ".join(f"{key}={value}" for key, value in now.access.answer().items())
                what = f"With accounts, rows of {now.plural} get an owner, who alone sees them."
                raise UsageError(what, f"First: scaffold set auth=tokens. Then set {options}.")
            yield from _opened(before, now)


def _opened(before: Resource, now: Resource) -> Iterator[str]:
    table = now.plural
    if before.access.owner == "none" and now.access.owner == "user":
        what = f"Rows of {table} have no owner, and no migration can tell whose they are."
        cure = f"Keep owner=none; scaffold generate field {now.name} maker:ref=user? names a user."
        raise UsageError(what, cure)
    if before.access.owner == "user" and now.access.owner == "none":
        unique = [field.name for field in now.fields if field.unique]
        unique += [" and ".join(names) for names in now.unique]
        fails = f", and fails where two have the same {' or '.join(unique)}" if unique else ""
        yield f"The next migration drops the owner of every row in {table}{fails}."
    if _is_wider("read", before, now):
        yield f"From now on, {WHO[now.access.read]} can read every row in {table}."
    if _is_wider("write", before, now):
        yield f"From now on, {WHO[now.access.write]} can change and delete every row in {table}."


def _is_wider(option: str, before: Resource, now: Resource) -> bool:
    """Tell whether somebody new is let in: administrators in place of owners are, too."""
    old, new = getattr(before.access, option), getattr(now.access, option)
    if option == "write":
        return bool(new != old and new != "owner" and old != "users")
    return OPTIONS[option].index(new) > OPTIONS[option].index(old)


def _resources(answers: Answers) -> list[Resource]:
    return resources_from_answer(answers.get("resources") or [])
