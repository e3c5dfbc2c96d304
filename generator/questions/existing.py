"""Resources whose rows are in tables that exist already, which no migration touches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.questions.resources import Resource

# What can follow the name of a resource, as `:WORD=VALUE`.
OPTIONS = ("table", "key")
KEY = "id"  # the column of the key where the option is left out
ACCESS = "owner=none:read=users:write=admin"
# Names that need no escape in Python, in URLs and in the text of --resource.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def check(resource: Resource, others: Sequence[Resource], *, users: bool) -> None:
    """Refuse what rows of a table that exists cannot have; `users` tells whether there are any.

    Raises `UsageError` that names the cure.
    """
    if not resource.table:
        _check_new(resource, others)
        return
    where = f"{resource.name}:table={resource.table}"
    for word in (resource.table, resource.key, *(field.stored for field in resource.fields)):
        if word and not NAME.fullmatch(word):
            what = f"{where}: {word[:80]!r} is no name of a table or column that can be mapped."
            raise UsageError(what, "Use up to 40 letters, digits and underscores.")
    if users and resource.access.owner != "none":
        what = f"{where}: rows of a table that exists have no owner."
        raise UsageError(what, f"Write {resource.name}:{ACCESS}:table={resource.table}.")
    existing = {one.name for one in others if one.table}
    for field in resource.fields:
        if field.type == "refs":
            what = f"{where}: {field.name} would need a new table."
            raise UsageError(what, "Leave it out.")
        if field.target and field.target not in existing:
            what = f"{where}: {field.name} can only refer to a resource whose table exists, too."
            raise UsageError(what, "Make it an int, or leave it out.")


def check_unchanged(resource: Resource, what: str, cure: str) -> None:
    """Refuse a change that would have to change the table; raises `UsageError`."""
    if resource.table:
        told = f"{resource.name} is the table {resource.table}, which scaffold does not change"
        raise UsageError(f"{told}: {what}.", cure)


def _check_new(resource: Resource, others: Sequence[Resource]) -> None:
    existing = {one.name for one in others if one.table}
    if resource.key:
        what = f"{resource.name}: only a table that exists has a key of another name."
        raise UsageError(what, f"Write {resource.name}:table=TABLE:key={resource.key}.")
    for field in resource.fields:
        if field.stored:
            what = f"{resource.name}.{field.name}: only a table that exists has such a column."
            raise UsageError(what, f"Write {resource.name}:table=TABLE, or leave column out.")
        if field.default is not None and field.type in {"date", "datetime"}:
            what = f"{resource.name}.{field.name}: only in a table that exists can a {field.type}"
            raise UsageError(f"{what} have a default.", "Make it optional, or set it in the code.")
        if field.type == "refs" and field.target in existing:
            what = f"{resource.name}.{field.name}: {field.target} is a table that exists, to which"
            cure = f"Write {field.singular or field.name}:ref={field.target}."
            raise UsageError(f"{what} a ref can be, but no refs.", cure)
