"""Which resources can become a working API, and why others cannot."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Sequence

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, relations
from generator.questions.access import check_access
from generator.questions.defaults import Default
from generator.questions.endpoints import check_endpoints
from generator.questions.facts import ReservedNames, TakenNames
from generator.questions.resources import (
    CHOICE,
    FIELD_NAME,
    MAX_CHOICE,
    MAX_FIELD_NAME,
    MAX_NAME,
    MAX_PLURAL,
    RESOURCE_NAME,
    TYPES,
    Field,
    Resource,
)

UNORDERED = frozenset({"text", "json", "bool"})  # types that are never worth an index
# Names that the annotations and methods beside a field need.
PYTHON_NAMES = frozenset(
    "bool bytes classmethod cls float int list object property self set str super tuple".split()
)
# Field names with this prefix belong to the libraries.
LIBRARY_PREFIX = "model_"


def check_resources(resources: Sequence[Resource], *, reserved: ReservedNames, users: bool) -> None:
    """Refuse what could not become a working API; `users` tells whether the project has any.

    Raises `UsageError` that names the cure.
    """
    if not resources:
        raise UsageError("A project needs a resource.", 'Give it one, such as "item title:str".')
    taken: dict[str, str] = {}
    for position, resource in enumerate(resources):
        check_resource_name(resource, reserved.resources)
        for word in {resource.name, resource.plural, resource.label} - {""}:
            if word in taken:
                raise UsageError(
                    f"Resources {taken[word]} and {resource.name} would share the name {word}.",
                    "Rename one, or give its plural: NAME/PLURAL.",
                )
            taken[word] = resource.name
        check_access(resource.name, resource.access, users=users)
        check_endpoints(resource.name, resource.endpoints, reserved.endpoints)
        _check_fields(resource, {r.name for r in resources[:position]}, reserved, users=users)
        _check_private_targets(resource, resources)
    relations.check_tables(resources)


def _check_private_targets(resource: Resource, resources: Iterable[Resource]) -> None:
    """Refuse references from rows without an owner to rows that their owners alone see."""
    private = {other.name: other.plural for other in resources if other.access.is_private}
    for field in resource.fields if resource.access.owner == "none" else ():
        if field.target in private:
            what = f"{private[field.target]} are seen by their owners only"
            raise UsageError(
                f"{resource.name}.{field.name}: {what}, and {resource.plural} have none.",
                f"Write {field.target}:read=users, or leave the reference out.",
            )


def refused_resource_names(taken: Iterable[TakenNames]) -> set[str]:
    """Return the names, singular or plural, that no resource has although they are well-formed."""
    names = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
    names.update(*(group.names for group in taken))
    return {name for name in names if RESOURCE_NAME.fullmatch(name)}


def refused_field_names(taken: Iterable[TakenNames]) -> set[str]:
    """Return the names that no field has although they are well-formed."""
    names = {*keyword.kwlist, *PYTHON_NAMES}
    names.update(*(group.names for group in taken))
    return {name for name in names if FIELD_NAME.fullmatch(name)}


def _reason(taken: Iterable[TakenNames], *words: str) -> str | None:
    """Return why one of the `words` is taken, if any is."""
    reasons = (group.reason for group in taken if not group.names.isdisjoint(words))
    return next(reasons, None)


def check_resource_name(resource: Resource, taken: Sequence[TakenNames]) -> None:
    """Raise `UsageError` where the name of `resource` or its plural cannot be one."""
    label = [(resource.label, MAX_PLURAL)] if resource.label else []
    for word, limit in ((resource.name, MAX_NAME), (resource.plural, MAX_PLURAL), *label):
        if not RESOURCE_NAME.fullmatch(word):
            reason: str | None = "use lower-case letters and single underscores"
        elif len(word) > limit:
            reason = f"it is longer than {limit} characters"
        elif keyword.iskeyword(word) or keyword.issoftkeyword(word):
            reason = "it is a keyword of the Python language"
        elif hasattr(builtins, word):
            reason = "Python has a built-in of that name"
        else:
            reason = _reason(taken, word)
        if reason:
            raise UsageError(
                f"{word[:80]!r} cannot be the name or plural of a resource: {reason}.",
                "Choose another name; to choose the plural yourself, write NAME/PLURAL.",
            )


def _check_fields(
    resource: Resource, earlier: Iterable[str], reserved: ReservedNames, *, users: bool
) -> None:
    if not resource.fields:
        cure = f'Write "{resource.name} title:str".'
        raise UsageError(f"Resource {resource.name} has no fields.", cure)
    columns: set[str] = set()
    targets = {*earlier, resource.name, *(["user"] if users else [])}
    for field in resource.fields:
        where = f"{resource.name}.{field.name[:80]}"
        check_field_name(field, where, reserved.fields)
        _check_type(field, where)
        if field.type in relations.REFERENCES:
            relations.check(field, where, resource.name, sorted(targets))
        if field.names & columns:
            raise UsageError(f"{where}: there are two fields of that name.", "Rename one of them.")
        columns |= field.names


def check_field_name(field: Field, where: str, taken: Sequence[TakenNames]) -> None:
    """Raise `UsageError` where the name of `field` cannot be one; `where` is for the message."""
    name, hint = field.name, "Choose another name."
    if field.type == "ref" and name.endswith("_id"):
        reason: str | None = "scaffold adds the _id to a ref"
        hint = f"Write {name[:-3] or 'parent'}:ref=..."
    elif field.type == "refs" and name.endswith(("_id", "_ids")):
        reason, hint = "scaffold adds the _ids to a refs", "Write a plural, such as tags:refs=..."
    elif name.startswith(("_", LIBRARY_PREFIX)):
        reason = f"names that start with _ or {LIBRARY_PREFIX} belong to the libraries"
    elif not FIELD_NAME.fullmatch(name):
        reason = "use lower-case letters, digits and single underscores, starting with a letter"
    elif len(name) > MAX_FIELD_NAME:
        reason = f"it is longer than {MAX_FIELD_NAME} characters"
    elif keyword.iskeyword(name) or name in PYTHON_NAMES:
        reason = "Python code uses that name itself"
    else:
        reason = _reason(taken, *sorted(field.names))
    if reason:
        raise UsageError(f"{where} cannot be the name of a field: {reason}.", hint)


def _check_type(field: Field, where: str) -> None:
    if field.type not in TYPES:
        hint = did_you_mean(field.type, list(TYPES))
        raise UsageError(f"{where}: there is no type {field.type!r}.", hint)
    if field.type == "enum":
        bad = [choice for choice in field.choices if not _is_choice(choice)]
        if not field.choices or bad or len(set(field.choices)) < len(field.choices):
            what = "an enum needs choices, each of them once"
            if bad:
                what = (
                    f"{bad[0][:80]!r} cannot be a choice: use lower-case words joined by single "
                    f"underscores, {MAX_CHOICE} characters at most"
                )
            raise UsageError(f"{where}: {what}.", f"Write {field.name}:enum=draft,published.")
    elif field.choices:
        raise UsageError(f"{where}: only an enum has choices.", "Make its type enum.")
    if field.type not in relations.REFERENCES:
        relations.check_plain(field, where)
    if field.type in UNORDERED and (field.unique or field.index):
        cure = "Make it a str." if field.type == "text" else "Remove the modifier."
        raise UsageError(f"{where}: {field.type} cannot be unique or indexed.", cure)
    if field.type == "enum" and field.unique:
        raise UsageError(f"{where}: an enum cannot be unique.", "Make it a str.")
    if field.default is not None:
        _check_default(field, where, field.default)
    if field.target == "user" and field.unique:
        raise UsageError(f"{where}: ref=user cannot be unique.", "Remove the modifier.")


def _check_default(field: Field, where: str, default: Default) -> None:
    defaults.check(where, field.type, default, field.choices)
    if field.optional:
        raise UsageError(f"{where}: an optional field has no default.", "Remove one of them.")
    if field.unique:
        raise UsageError(
            f"{where}: rows with the same default are not unique.", "Remove one of them."
        )


def _is_choice(choice: str) -> bool:
    return bool(CHOICE.fullmatch(choice)) and len(choice) <= MAX_CHOICE
