"""Which fields of a resource can be unique together."""

from __future__ import annotations

from generator.errors import UsageError, did_you_mean
from generator.questions import limit_rules
from generator.questions.resources import UNORDERED, Field, Resource

ROOMY = "a str, a number, a date or a ref to another resource"
# Types too large for a unique index, and one that is no column.
UNSIZED = frozenset({"text", "json", "refs"})


def check_unique(resource: Resource) -> None:
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
            raise UsageError(what, f"Add {ROOMY}; a pattern needs room for digits.")


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
