"""Makes a field of a column: one that the rules take, with remarks on what that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from generator.errors import UsageError
from generator.questions import defaults, limit_rules, limits
from generator.questions.plurals import singularize
from generator.questions.resources import CHOICE, MAX_CHOICE, UNORDERED, Field
from generator.sources.names import snake
from generator.sources.tables import STR_LENGTH, Column

Tell = Callable[[str], None]
BOOLEANS = {"1": "true", "t": "true", "yes": "true", "0": "false", "f": "false", "no": "false"}


def field_of(column: Column, name: str, target: str, tell: Tell, *, existing: bool) -> Field:
    """Return the field called `name` for `column`; a ref points to the resource `target`.

    The column of an `existing` table stays as it is.
    """
    field = Field(
        name,
        column.type,
        target=target,
        optional=column.optional,
        unique=column.unique,
        # A ref and what is unique have an index anyway.
        index=column.index and not (column.unique or column.type == "ref" or existing),
        singular=singularize(name) if column.type == "refs" else "",
        limits=limits.NONE if target else column.limits,
        on_delete=column.on_delete if column.type == "ref" else "",
    )
    if existing and field.column != column.name:
        field = replace(field, stored=column.name)
    if column.type == "enum":
        field = _with_choices(field, column, tell)
    if not existing and column.type in {"date", "datetime"} and column.default is not None:
        tell(f"the default of {name} is left out: {column.default!r}.")
        column = replace(column, default=None)
    return _with_default(_limited(_orderly(field, tell), tell), column, tell)


def _limited(field: Field, tell: Tell) -> Field:
    """Return the field without what its limits, or the lack of a value, rule out."""
    if field.on_delete == "set_null" and not field.optional:
        tell(f"{field.name} is required, so that deletes of its target are refused.")
        field = replace(field, on_delete="protect")
    length = field.limits.max_length or 0
    if field.index and length > limit_rules.MOST_INDEXED:
        tell(f"{field.name} is not indexed: it is too long.")
        field = replace(field, index=False)
    has_room = limit_rules.room_for_unique(field.type, field.limits)
    if field.unique and (not has_room or length > limit_rules.MOST_INDEXED):
        if field.stored or length > limit_rules.MOST_INDEXED:
            return replace(field, unique=False)  # it is the database that refuses values
        tell(f"{field.name} has no limits, which leave few values that all differ.")
        field = replace(field, limits=limits.NONE)
    return field


def _with_choices(field: Field, column: Column, tell: Tell) -> Field:
    choices = tuple(
        choice if CHOICE.fullmatch(choice) else snake(choice) for choice in column.choices
    )
    fits = all(CHOICE.fullmatch(word) and len(word) <= MAX_CHOICE for word in choices)
    if not fits or len(set(choices)) < len(choices):
        tell(f"{field.name} is a str: its choices cannot be those of an enum.")
        return replace(field, type="str")
    if changed := [
        f"{old} is {new}" for old, new in zip(column.choices, choices, strict=True) if old != new
    ]:
        tell(f"choices of {field.name} are renamed: {', '.join(changed)}.")
    return replace(field, choices=choices)


def _orderly(field: Field, tell: Tell) -> Field:
    """Return the field without the modifiers that its type cannot have."""
    if field.type == "text" and (field.unique or field.index):
        tell(f"{field.name} is a str of {STR_LENGTH} characters, as a text can have no index.")
        return replace(field, type="str")
    if field.type in UNORDERED and (field.unique or field.index):
        tell(f"{field.name} is neither unique nor indexed, as it is a {field.type}.")
        return replace(field, unique=False, index=False)
    if field.unique and (field.type == "enum" or field.target == "user"):
        tell(f"{field.name} is not unique, as it is {field.option().split(':')[1]}.")
        return replace(field, unique=False)
    return field


def _with_default(field: Field, column: Column, tell: Tell) -> Field:
    if column.default is None:
        return field
    text = defaults.as_text(column.default)
    if field.type == "enum":
        text = text if text in field.choices else snake(text)
        if text == field.choices[0] and not field.optional:
            return field  # which an enum has anyway
    elif field.type == "bool":
        text = BOOLEANS.get(text.lower(), text)
    default = defaults.from_text(field.type, text, field.limits.places)
    if field.optional or field.unique:
        kind = "optional" if field.optional else "unique"
        tell(f"the default of {field.name} is left out, as it is {kind}: {text}.")
        return field
    try:
        defaults.check(field.name, field.type, default, field.choices, field.limits)
    except UsageError:
        tell(f"the default of {field.name} is left out: {text!r}.")
        return field
    return replace(field, default=default)
