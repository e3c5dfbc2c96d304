"""Resources: from `"item title:str status:enum=todo,done"` to the `resources` answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, relations
from generator.questions.access import DEFAULT, OPTIONS, Access, access
from generator.questions.defaults import Default
from generator.questions.endpoints import Endpoint, endpoint_from_answer, parse_endpoint
from generator.questions.plurals import pluralize, singularize
from generator.questions.relations import ON_DELETE, REFERENCES

TYPES = tuple(
    "str text int float decimal bool date datetime uuid json email url enum ref refs".split()
)
MODIFIERS = ("optional", "unique", "index")
KEYS = "name type choices target singular default on_delete".split()
SEE_SCHEMA = "See scaffold schema --json."
# So that every rendered line fits, formatted, into 100 columns.
MAX_NAME, MAX_PLURAL, MAX_FIELD_NAME, MAX_CHOICE = 20, 24, 24, 20
RESOURCE_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHOICE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """One field; `choices` are an enum's values, `target` is what a ref or refs points to.

    `default` is what a row gets where a client leaves the field out; a decimal's is text.
    `on_delete` says what the delete of the target does, `singular` what one of many is called.
    """

    name: str
    type: str
    choices: tuple[str, ...] = ()
    target: str = ""
    optional: bool = False
    unique: bool = False
    index: bool = False
    default: Default | None = None
    on_delete: str = ""
    singular: str = ""

    @property
    def column(self) -> str:
        """The name of the column and of the key in JSON."""
        if self.type == "refs":
            return f"{self.singular}_ids"
        return f"{self.name}_id" if self.type == "ref" else self.name

    @property
    def names(self) -> set[str]:
        """Every name that the field takes: its own, its column's and its filter's."""
        one = self.singular
        return {self.name, self.column, *([f"{one}_id", f"{one}_links"] if one else [])}

    @property
    def fills_rows(self) -> bool:
        """Whether rows that exist already get a value when the field is added."""
        return self.optional or self.type in {"enum", "refs"} or self.default is not None

    def option(self) -> str:
        """Return the field as --resource takes it."""
        argument = ",".join(self.choices) or self.target
        kind = f"{self.type}={argument}" if argument else self.type
        words = [self.name, kind, *(m for m in MODIFIERS if getattr(self, m))]
        words += [relations.modifier(self.on_delete)] if self.on_delete else []
        if self.default is not None:
            words.append(f"default={defaults.as_text(self.default)}")
        return ":".join(words)

    def answer(self) -> dict[str, Any]:
        """Return the field as the `resources` answer has it: without what is off."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.choices:
            entry["choices"] = list(self.choices)
        if self.target:
            entry["target"] = self.target
        if self.singular:
            entry["singular"] = self.singular
        entry.update({modifier: True for modifier in MODIFIERS if getattr(self, modifier)})
        if self.default is not None:
            entry["default"] = self.default
        if self.on_delete:
            entry["on_delete"] = self.on_delete
        return entry


@dataclass(frozen=True)
class Resource:
    """One resource of the API: `name` and `plural` name its package and its route.

    `label` is what its migrations and tables are called by, where that is not the plural.
    `endpoints` are those that it has beside the five of every resource.
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    access: Access = DEFAULT
    label: str = ""
    endpoints: tuple[Endpoint, ...] = ()

    def option(self) -> str:
        """Return the resource as --resource takes it."""
        is_derived = self.plural == pluralize(self.name)
        name = self.name if is_derived else f"{self.name}/{self.plural}"
        fields = (field.option() for field in self.fields)
        endpoints = (endpoint.option() for endpoint in self.endpoints)
        return " ".join([name + self.access.option(), *fields, *endpoints])

    def answer(self) -> dict[str, Any]:
        """Return the resource as the `resources` answer has it."""
        entry: dict[str, Any] = {"name": self.name, "plural": self.plural}
        if self.label:
            entry["label"] = self.label
        entry |= self.access.answer()
        if self.endpoints:
            entry["endpoints"] = [endpoint.answer() for endpoint in self.endpoints]
        return {**entry, "fields": [field.answer() for field in self.fields]}


def parse_resource(text: str) -> Resource:
    """Parse `NAME[/PLURAL][:OPTION=VALUE]... FIELD...`, with fields as `parse_field` takes them.

    Endpoints stand among the fields, as `parse_endpoint` takes them.

    Raises `UsageError` for text of another form; `rules.check_resources` judges the names.
    """
    words = text.split()
    if not words:
        raise UsageError("--resource is empty.", 'Write --resource "product name:str".')
    names, *options = words[0].split(":")
    name, _, plural = names.partition("/")
    endpoints = {word: found for word in words[1:] if (found := parse_endpoint(word))}
    fields = tuple(parse_field(word) for word in words[1:] if word not in endpoints)
    given = access(_pairs(name, options), f"Resource {name!r}")
    plural = plural or pluralize(name)
    return Resource(name, plural, fields, given, endpoints=tuple(endpoints.values()))


def _pairs(name: str, options: list[str]) -> dict[str, str]:
    """Return the options after the name of a resource."""
    pairs: dict[str, str] = {}
    for option in options:
        key, _, value = option.partition("=")
        if key in pairs:
            raise UsageError(f"Resource {name!r} has {key} twice.", "Remove one of them.")
        pairs[key] = value
    return pairs


def parse_field(text: str) -> Field:
    """Parse `name:type[=argument][?][:modifier]...`, where `?` means optional.

    Raises `UsageError` for text of another form; `rules.check_resources` judges names and types.
    """
    name, _, rest = text.partition(":")
    kind, *modifiers = rest.split(":")
    if kind.endswith("?"):
        kind, modifiers = kind[:-1], ["optional", *modifiers]
    kind, _, argument = kind.partition("=")
    given = [word.removeprefix("default=") for word in modifiers if word.startswith("default=")]
    if len(given) > 1:
        raise UsageError(f"Field {text!r} has two defaults.", "Remove one of them.")
    on_delete = relations.on_delete(text, modifiers)
    modifiers = [
        word for word in modifiers if not word.startswith("default=") and word not in ON_DELETE
    ]
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            hint = did_you_mean(modifier, [*MODIFIERS, *ON_DELETE, "default=VALUE"])
            raise UsageError(f"Field {text!r}: there is no modifier {modifier!r}.", hint)
        if modifiers.count(modifier) > 1:
            raise UsageError(f"Field {text!r} has {modifier} twice.", "Remove one of them.")
    if not kind:
        raise UsageError(f"Field {text!r} has no type.", f"Write {name or 'name'}:str.")
    if argument and kind not in {"enum", *REFERENCES}:
        raise UsageError(f"Field {text!r}: {kind} takes no argument.", f"Write {name}:{kind}.")
    choices = tuple(argument.split(",")) if kind == "enum" and argument else ()
    target = argument if kind in REFERENCES else ""
    default = defaults.from_text(kind, given[0]) if given else None
    return Field(
        name,
        kind,
        choices,
        target,
        default=default,
        on_delete=on_delete,
        singular=singularize(name) if kind == "refs" else "",
        **dict.fromkeys(modifiers, True),
    )


def resources_from_answer(answer: object) -> list[Resource]:
    """Return the resources in a `resources` answer, as a YAML or JSON file gives it.

    Raises `UsageError` for anything that does not have the shape
    `[{name, plural?, label?, owner?, read?, write?, endpoints?, fields: [{name, type, choices?,
    target?, singular?, optional?, unique?, index?, default?, on_delete?}]}]`, with endpoints as
    `[{name, method, collection?}]`.
    """
    if not isinstance(answer, list):
        raise UsageError("resources must be a list.", SEE_SCHEMA)
    return [_resource_from_answer(entry) for entry in answer]


def _resource_from_answer(entry: object) -> Resource:
    known = ["name", "plural", "label", *OPTIONS, "endpoints", "fields"]
    keys = _mapping(entry, "a resource", known)
    name, plural, label = (_text(keys, key) for key in ("name", "plural", "label"))
    options = {key: keys[key] for key in OPTIONS if key in keys}
    return Resource(
        name,
        plural or pluralize(name),
        tuple(_field_from_answer(field) for field in _list(keys, "fields", name)),
        access(options, f"Resource {name!r}"),
        label,
        tuple(_endpoint_from_answer(one) for one in _list(keys, "endpoints", name)),
    )


def _endpoint_from_answer(entry: object) -> Endpoint:
    return endpoint_from_answer(_mapping(entry, "an endpoint", ["name", "method", "collection"]))


def _field_from_answer(entry: object) -> Field:
    keys = _mapping(entry, "a field", [*KEYS, *MODIFIERS])
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
        on_delete=_on_delete(keys, name),
        singular=_text(keys, "singular") or (singularize(name) if kind == "refs" else ""),
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
