"""Resources from answers: from what YAML and JSON files have to a list of `Resource`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions import existing, limits
from generator.questions.access import OPTIONS, access
from generator.questions.endpoints import Endpoint, endpoint_from_answer
from generator.questions.plurals import pluralize, singularize
from generator.questions.relations import ON_DELETE
from generator.questions.resources import MODIFIERS, Field, Resource

KEYS = "name type choices target singular default on_delete column".split()
SEE_SCHEMA = "See scaffold schema --json."


def resources_from_answer(answer: object) -> list[Resource]:
    """Return the resources in a `resources` answer, as a YAML or JSON file gives it.

    Raises `UsageError` for anything that does not have the shape
    `[{name, plural?, label?, owner?, read?, write?, table?, key?, endpoints?, fields: [{name, type,
    choices?, target?, singular?, optional?, unique?, index?, default?, on_delete?, column?, ...}],
    unique?: [[name, name]]}]`, where `...` stands for `limits.KEYS`, with endpoints as
    `[{name, method, collection?}]`.
    """
    if not isinstance(answer, list):
        raise UsageError("resources must be a list.", SEE_SCHEMA)
    return [_resource_from_answer(entry) for entry in answer]


def _resource_from_answer(entry: object) -> Resource:
    known = [
        "name",
        "plural",
        "label",
        *OPTIONS,
        *existing.OPTIONS,
        "endpoints",
        "fields",
        "unique",
    ]
    keys = _mapping(entry, "a resource", known)
    name, plural, label = (_text(keys, key) for key in ("name", "plural", "label"))
    options = {key: keys[key] for key in OPTIONS if key in keys}
    return Resource(
        name,
        plural or pluralize(name),
        fields=tuple(_field_from_answer(field) for field in _list(keys, "fields", name)),
        access=access(options, f"Resource {name!r}"),
        unique=_unique_from_answer(name, keys.get("unique", [])),
        label=label,
        endpoints=tuple(_endpoint_from_answer(one) for one in _list(keys, "endpoints", name)),
        **{word: _text(keys, word) for word in existing.OPTIONS},
    )


def _endpoint_from_answer(entry: object) -> Endpoint:
    return endpoint_from_answer(_mapping(entry, "an endpoint", ["name", "method", "collection"]))


def _unique_from_answer(name: str, sets: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(sets, list) or not all(
        isinstance(names, list) and all(isinstance(field, str) for field in names) for names in sets
    ):
        what = f"Resource {name!r}: unique must be a list of lists of fields."
        raise UsageError(what, "Write unique: [[author, title]].")
    return tuple(tuple(names) for names in sets)


def _field_from_answer(entry: object) -> Field:
    keys = _mapping(entry, "a field", [*KEYS, *MODIFIERS, *limits.KEYS])
    name, choices = _text(keys, "name"), keys.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise UsageError(f"Field {name!r}: choices must be a list of words.", "Quote each of them.")
    for modifier in MODIFIERS:
        if not isinstance(keys.get(modifier, False), bool):
            raise UsageError(f"Field {name!r}: {modifier} must be true or false.", SEE_SCHEMA)
    default = keys.get("default")
    if "default" in keys and not isinstance(default, str | int | float):
        raise UsageError(f"Field {name!r}: default must be one value.", SEE_SCHEMA)
    kind = _text(keys, "type")
    return Field(
        name,
        kind,
        tuple(choices),
        _text(keys, "target"),
        default=default,
        limits=limits.from_answer(f"Field {name!r}", kind, keys),
        on_delete=_on_delete(keys, name),
        singular=_text(keys, "singular") or (singularize(name) if kind == "refs" else ""),
        stored=_text(keys, "column"),
        **{modifier: keys.get(modifier, False) for modifier in MODIFIERS},
    )


def _on_delete(keys: Mapping[str, Any], name: str) -> str:
    word = _text(keys, "on_delete")
    if word and word not in ON_DELETE.values():
        hint = did_you_mean(word, list(ON_DELETE.values()))
        raise UsageError(f"Field {name!r}: there is no on_delete {word!r}.", hint)
    return word


def _mapping(entry: object, what: str, known: list[str]) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping):
        raise UsageError(
            f"{what.capitalize()} must be a mapping, not {type(entry).__name__}.", SEE_SCHEMA
        )
    for key in entry:
        if key not in known:
            raise UsageError(
                f"{what.capitalize()} has no key {key!r}.", did_you_mean(str(key), known)
            )
    return entry


def _list(keys: Mapping[str, Any], key: str, name: str) -> list[object]:
    value = keys.get(key, [])
    if not isinstance(value, list):
        raise UsageError(f"Resource {name!r}: {key} must be a list.", SEE_SCHEMA)
    return value


def _text(keys: Mapping[str, Any], key: str) -> str:
    value = keys.get(key, "")
    if not isinstance(value, str):
        what = type(value).__name__
        raise UsageError(f"resources: {key} must be text, not {what}.", "Put it in quotes.")
    return value
