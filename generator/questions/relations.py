"""References of a field: to one row or to many, and what the delete of such a row does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.questions.resources import Field, Resource

REFERENCES = ("ref", "refs")
# What a project with accounts, or with storage, has beside its resources. A reference to a file is
# written as if its type were `file`.
BUILT_IN = ("user", "file")
# What follows the delete of a row for those that refer to it: the modifier, and the recorded word,
# which is not `null`, since YAML has another meaning for that.
ON_DELETE = {"cascade": "cascade", "protect": "protect", "null": "set_null"}
OF_MANY = ("optional", "unique", "index")


def modifier(on_delete: str) -> str:
    """Return the modifier of the recorded word `on_delete`."""
    return next(word for word, recorded in ON_DELETE.items() if recorded == on_delete)


def on_delete(text: str, words: Sequence[str]) -> str:
    """Return what the modifiers `words` of the field `text` say of deletes, empty if nothing.

    Raises `UsageError` where they say two things.
    """
    given = [word for word in words if word in ON_DELETE]
    if len(given) > 1:
        what = f"Field {text!r} is both {given[0]} and {given[1]}."
        raise UsageError(what, "Remove one of them.")
    return ON_DELETE[given[0]] if given else ""


def check(field: Field, where: str, owner: str, targets: Sequence[str]) -> None:
    """Refuse a reference of the resource `owner` that cannot be.

    It may point to one of `targets`; `where` names the field for messages. Raises `UsageError`.
    """
    if field.type == "refs":
        _check_many(field, where, owner)
    if field.target == "user" and "user" not in targets:
        raise UsageError(f"{where}: without auth there are no users.", "Choose --auth tokens.")
    if field.target == "file" and "file" not in targets:
        raise UsageError(f"{where}: without storage there are no files.", "Choose --storage files.")
    possible = [target for target in targets if field.type == "ref" or target not in BUILT_IN]
    if field.target not in possible:
        what = f"{'user, to ' if field.type == 'ref' else ''}its own resource or to one"
        cure = ", ".join(f"{field.name}:{field.type}={target}" for target in possible)
        raise UsageError(
            f"{where}: a {field.type} points to {what} given before it.", f"Possible: {cure}."
        )
    if field.type == "ref" and field.target == owner and not field.optional:
        raise UsageError(
            f"{where}: the first {owner} would have nothing to refer to.",
            f"Write {field.name}:ref={owner}:optional.",
        )
    if field.on_delete == "set_null" and not field.optional:
        raise UsageError(
            f"{where}: a required field cannot become null.",
            f"Write {field.name}:ref={field.target}:optional:null, or :cascade or :protect.",
        )


def check_tables(resources: Sequence[Resource]) -> None:
    """Refuse a refs whose table would be called as that of a resource; raises `UsageError`."""
    plurals = {resource.plural for resource in resources}
    for resource in resources:
        for field in resource.fields:
            table = f"{resource.plural}_{field.name}"
            if field.type == "refs" and table in plurals:
                what = f"{resource.name}.{field.name} and a resource would share the table {table}."
                raise UsageError(what, "Rename one of them.")


def check_plain(field: Field, where: str) -> None:
    """Refuse what only a reference has; raises `UsageError`."""
    if field.target:
        raise UsageError(f"{where}: only a ref has a target.", "Make its type ref.")
    if field.on_delete:
        word = modifier(field.on_delete)
        raise UsageError(f"{where}: only a ref can be {word}.", "Remove the modifier.")


def _check_many(field: Field, where: str, owner: str) -> None:
    given = [name for name in OF_MANY if getattr(field, name)]
    given += [modifier(field.on_delete)] if field.on_delete else []
    if given:
        raise UsageError(f"{where}: a refs has no modifier {given[0]}.", "Remove it.")
    if field.singular == owner:
        cure = f"Choose another name, such as related:refs={field.target}."
        raise UsageError(f"{where}: one of them would be called {owner}, as the row itself.", cure)
