"""Which resources can become a working API, and why others cannot."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Sequence

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, limit_rules
from generator.questions.defaults import Default
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
# Names whose class would be called like one of Python's: `Exception`, `None`.
BUILTIN_CLASSES = frozenset(
    re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dir(builtins) if name[0].isupper()
)
UNSIZED = frozenset({"text", "json"})  # types too large for a unique index
# Names that the annotations and methods beside a field need.
PYTHON_NAMES = frozenset(
    "bool bytes classmethod cls float int list object property self set str super tuple".split()
)
# Schemas that each resource has, called by its name and these words.
SCHEMAS = ("Create", "Update", "Read", "ReadPage", "Query", "Sort")
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
        for word in {resource.name, resource.plural}:
            if word in taken:
                raise UsageError(
                    f"Resources {taken[word]} and {resource.name} would share the name {word}.",
                    "Rename one, or give its plural: NAME/PLURAL.",
                )
            taken[word] = resource.name
        _check_fields(resource, {r.name for r in resources[:position]}, reserved, users=users)
        _check_unique(resource)
    _check_classes(resources)


def refused_resource_names(taken: Iterable[TakenNames]) -> set[str]:
    """Return the names, singular or plural, that no resource has although they are well-formed."""
    names = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *BUILTIN_CLASSES}
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
    for word, limit in ((resource.name, MAX_NAME), (resource.plural, MAX_PLURAL)):
        if not RESOURCE_NAME.fullmatch(word):
            reason: str | None = "use lower-case letters and single underscores"
        elif len(word) > limit:
            reason = f"it is longer than {limit} characters"
        elif keyword.iskeyword(word) or keyword.issoftkeyword(word):
            reason = "it is a keyword of the Python language"
        elif hasattr(builtins, word) or word in BUILTIN_CLASSES:
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
        if field.type == "ref":
            _check_target(field, where, resource.name, sorted(targets))
        if {field.name, field.column} & columns:
            raise UsageError(f"{where}: there are two fields of that name.", "Rename one of them.")
        columns |= {field.name, field.column}


def _check_classes(resources: Sequence[Resource]) -> None:
    """Refuse fields whose class would be called like another one.

    An enum has a class, and a field with limits a type, called by the resource and the field.
    """
    models = {_class(resource.name): resource.name for resource in resources}
    for resource in resources:
        name = _class(resource.name)
        own = {f"{name}{suffix}": f"the {suffix} schema" for suffix in SCHEMAS}
        for field in resource.fields:
            if field.type != "enum" and not field.limits.answer():
                continue
            where, called = f"{resource.name}.{field.name}", f"{name}{_class(field.name)}"
            if other := own.get(called) or (field.type == "enum" and models.get(called)):
                what = f"{where}: its class {called} would be called like that of {other}."
                raise UsageError(what, "Choose another name.")
            own[called] = where
            if field.type == "enum":
                models[called] = where


def _class(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _check_unique(resource: Resource) -> None:
    """Refuse sets of fields that cannot be unique together."""
    known = {field.name: field for field in resource.fields}
    for names in resource.unique:
        where = f"{resource.name}:unique={'+'.join(names)}"
        if unknown := [name for name in names if name not in known]:
            hint = did_you_mean(unknown[0], list(known))
            raise UsageError(f"{where}: there is no field {unknown[0][:80]!r}.", hint)
        if len(names) < 2 or len(set(names)) < len(names):
            what = f"{where}: two fields or more are unique together, each of them once."
            raise UsageError(what, "A single field has the modifier unique, as in isbn:str:unique.")
        if sum(set(names) == set(others) for others in resource.unique) > 1:
            raise UsageError(f"{where} is given twice.", "Remove one of them.")
        fields = [known[name] for name in names]
        if kept := [field for field in fields if field.type in UNSIZED]:
            what = f"{where}: {kept[0].name} is a {kept[0].type}, which cannot be unique."
            raise UsageError(what, "Make it a str." if kept[0].type == "text" else "Leave it out.")
        if sum(_characters(field) for field in fields) > limit_rules.MOST_INDEXED:
            what = f"{where}: an index has no room for values so long."
            raise UsageError(what, "Give the fields a length, such as title:str:length=100.")
        if not any(differs(field, resource.name) for field in fields):
            what = f"{where}: these fields have few values together."
            raise UsageError(what, "Add a str, a number, a date or a ref to another resource.")


def _characters(field: Field) -> int:
    """Return how many characters a value in an index can have."""
    usual = {"str": limit_rules.USUAL_CHARACTERS, "email": 254, "url": 2000}
    return field.limits.max_length or usual.get(field.type, 0)


def differs(field: Field, owner: str) -> bool:
    """Tell whether each row of the resource `owner` can have another value in `field`."""
    if field.type == "ref":
        return field.target not in ("user", owner)
    is_sized = field.type not in ("enum", *UNORDERED)
    return is_sized and limit_rules.room_for_unique(field.type, field.limits)


def check_field_name(field: Field, where: str, taken: Sequence[TakenNames]) -> None:
    """Raise `UsageError` where the name of `field` cannot be one; `where` is for the message."""
    name, hint = field.name, "Choose another name."
    if field.type == "ref" and name.endswith("_id"):
        reason: str | None = "scaffold adds the _id to a ref"
        hint = f"Write {name[:-3] or 'parent'}:ref=..."
    elif name.startswith(("_", LIBRARY_PREFIX)):
        reason = f"names that start with _ or {LIBRARY_PREFIX} belong to the libraries"
    elif not FIELD_NAME.fullmatch(name):
        reason = "use lower-case letters, digits and single underscores, starting with a letter"
    elif len(name) > MAX_FIELD_NAME:
        reason = f"it is longer than {MAX_FIELD_NAME} characters"
    elif keyword.iskeyword(name) or name in PYTHON_NAMES:
        reason = "Python code uses that name itself"
    else:
        reason = _reason(taken, name, field.column)
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
    if field.type != "ref" and field.target:
        raise UsageError(f"{where}: only a ref has a target.", "Make its type ref.")
    if field.type in UNORDERED and (field.unique or field.index):
        cure = "Make it a str." if field.type == "text" else "Remove the modifier."
        raise UsageError(f"{where}: {field.type} cannot be unique or indexed.", cure)
    if field.type == "enum" and field.unique:
        raise UsageError(f"{where}: an enum cannot be unique.", "Make it a str.")
    limit_rules.check(where, field.type, field.limits)
    if (field.unique or field.index) and (
        (field.limits.max_length or 0) > limit_rules.MOST_INDEXED
    ):
        cure = f"Make it length={limit_rules.MOST_INDEXED}, or remove the modifier."
        raise UsageError(f"{where}: it is too long for an index.", cure)
    if field.unique and not limit_rules.room_for_unique(field.type, field.limits):
        cure = "Remove unique, or leave room for 100 values: digits in a pattern, numbers."
        raise UsageError(f"{where}: its limits leave few values that all differ.", cure)
    if field.default is not None:
        _check_default(field, where, field.default)
    if field.target == "user" and field.unique:
        raise UsageError(f"{where}: ref=user cannot be unique.", "Remove the modifier.")


def _check_default(field: Field, where: str, default: Default) -> None:
    defaults.check(where, field.type, default, field.choices, field.limits)
    if field.optional:
        raise UsageError(f"{where}: an optional field has no default.", "Remove one of them.")
    if field.unique:
        raise UsageError(
            f"{where}: rows with the same default are not unique.", "Remove one of them."
        )


def _is_choice(choice: str) -> bool:
    return bool(CHOICE.fullmatch(choice)) and len(choice) <= MAX_CHOICE


def _check_target(field: Field, where: str, owner: str, targets: list[str]) -> None:
    if field.target == "user" and "user" not in targets:
        raise UsageError(f"{where}: without auth there are no users.", "Choose --auth tokens.")
    if field.target not in targets:
        raise UsageError(
            f"{where}: a ref points to user, to its own resource or to one given before it.",
            f"Possible: {', '.join(f'{field.name}:ref={target}' for target in targets)}.",
        )
    if field.target == owner and not field.optional:
        raise UsageError(
            f"{where}: the first {owner} would have nothing to refer to.",
            f"Write {field.name}:ref={owner}:optional.",
        )
