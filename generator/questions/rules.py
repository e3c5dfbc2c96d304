"""Which resources can become a working API, and why others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, existing, limit_rules, relations
from generator.questions.access import check_access
from generator.questions.defaults import Default
from generator.questions.endpoints import check_endpoints
from generator.questions.facts import ReservedNames
from generator.questions.name_rules import check_classes, check_field_name, check_resource_name
from generator.questions.resources import CHOICE, MAX_CHOICE, TYPES, UNORDERED, Field, Resource
from generator.questions.unique_rules import check_unique


def check_resources(
    resources: Sequence[Resource], *, reserved: ReservedNames, users: bool, files: bool = False
) -> None:
    """Refuse what could not become a working API; `users`, `files`: whether the project has any.

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
        built_in = [name for name, has in (("user", users), ("file", files)) if has]
        earlier = [*built_in, *(one.name for one in resources[:position])]
        _check_fields(resource, earlier, reserved)
        existing.check(resource, resources, users=users)
        _check_private_targets(resource, resources)
        check_unique(resource)
    check_classes(resources)
    relations.check_tables(resources)


def _check_private_targets(resource: Resource, resources: Iterable[Resource]) -> None:
    """Refuse references from rows without an owner to rows that their owners alone see."""
    private = {other.name: other.plural for other in resources if other.access.is_private}
    cures = {name: f"Write {name}:read=users, or leave the reference out." for name in private}
    if "file" not in {other.name for other in resources}:
        private["file"], cures["file"] = "files", "Leave the reference out."
    for field in resource.fields if resource.access.owner == "none" else ():
        if field.target in private:
            what = f"{private[field.target]} are seen by their owners only"
            raise UsageError(
                f"{resource.name}.{field.name}: {what}, and {resource.plural} have none.",
                cures[field.target],
            )


def _check_fields(resource: Resource, earlier: Iterable[str], reserved: ReservedNames) -> None:
    if not resource.fields:
        cure = f'Write "{resource.name} title:str".'
        raise UsageError(f"Resource {resource.name} has no fields.", cure)
    columns: set[str] = set()
    targets = {*earlier, resource.name}
    for field in resource.fields:
        where = f"{resource.name}.{field.name[:80]}"
        check_field_name(field, where, reserved.fields)
        _check_type(field, where)
        if field.type in relations.REFERENCES:
            relations.check(field, where, resource.name, sorted(targets))
        if field.names & columns:
            raise UsageError(f"{where}: there are two fields of that name.", "Rename one of them.")
        columns |= field.names


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
