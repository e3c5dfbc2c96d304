"""Which names resources and fields can have: others belong to Python, a library or the project."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Sequence

from generator.errors import UsageError
from generator.questions.facts import TakenNames
from generator.questions.resources import (
    FIELD_NAME,
    MAX_FIELD_NAME,
    MAX_NAME,
    MAX_PLURAL,
    RESOURCE_NAME,
    Field,
    Resource,
)

# Names whose class would be called like one of Python's: `Exception`, `None`.
BUILTIN_CLASSES = frozenset(
    re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dir(builtins) if name[0].isupper()
)
# Names that the annotations and methods beside a field need.
PYTHON_NAMES = frozenset(
    "bool bytes classmethod cls float int list object property self set str super tuple".split()
)
# Schemas that each resource has, called by its name and these words.
SCHEMAS = ("Create", "Update", "Read", "ReadPage", "Query", "Sort")
OF_REFERENCES = ("Include", "IncludeQuery")
# Field names with this prefix belong to the libraries.
LIBRARY_PREFIX = "model_"


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
    label = [(resource.label, MAX_PLURAL)] if resource.label else []
    for word, limit in ((resource.name, MAX_NAME), (resource.plural, MAX_PLURAL), *label):
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


def check_classes(resources: Sequence[Resource]) -> None:
    """Refuse fields whose class would be called like another one.

    An enum has a class, and a field with limits a type, called by the resource and the field.
    """
    models = {_class(resource.name): resource.name for resource in resources}
    for resource in resources:
        name = _class(resource.name)
        own = {f"{name}{suffix}": f"the {suffix} schema" for suffix in SCHEMAS}
        for endpoint in resource.endpoints:
            own[f"{name}{_class(endpoint.name)}Body"] = f"the body of {endpoint.name}"
        for field in resource.fields:
            if field.target:
                own |= {f"{name}{suffix}": f"the {suffix} schema" for suffix in OF_REFERENCES}
            if field.type == "refs":
                own[f"{name}{_class(field.name)}Link"] = f"the links of {field.name}"
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
