"""Resources: from `"item title:str status:enum=todo,done"` to the `resources` answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, limits
from generator.questions.defaults import Default
from generator.questions.limits import Limits
from generator.questions.plurals import pluralize

TYPES = tuple("str text int float decimal bool date datetime uuid json email url enum ref".split())
MODIFIERS = ("optional", "unique", "index")
# What can follow the name of a resource, as `:OPTION=VALUE`.
OPTIONS = ("unique",)
SEE_SCHEMA = "See scaffold schema --json."
# So that every rendered line fits, formatted, into 100 columns.
MAX_NAME, MAX_PLURAL, MAX_FIELD_NAME, MAX_CHOICE = 20, 24, 24, 20
RESOURCE_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHOICE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """One field; `choices` are an enum's values, `target` is what a ref points to.

    `default` is what a row gets where a client leaves the field out; a decimal's is text. The
    `limits` are what its values keep to.
    """

    name: str
    type: str
    choices: tuple[str, ...] = ()
    target: str = ""
    optional: bool = False
    unique: bool = False
    index: bool = False
    default: Default | None = None
    limits: Limits = limits.NONE

    @property
    def column(self) -> str:
        """The name of the column and of the key in JSON."""
        return f"{self.name}_id" if self.type == "ref" else self.name

    @property
    def fills_rows(self) -> bool:
        """Whether rows that exist already get a value when the field is added."""
        return self.optional or self.type == "enum" or self.default is not None

    def option(self) -> str:
        """Return the field as --resource takes it."""
        argument = ",".join(self.choices) or self.target or self.limits.scale
        kind = f"{self.type}={argument}" if argument else self.type
        words = [self.name, kind, *(m for m in MODIFIERS if getattr(self, m))]
        if self.default is not None:
            words.append(f"default={defaults.as_text(self.default)}")
        return ":".join([*words, *self.limits.words()])

    def answer(self) -> dict[str, Any]:
        """Return the field as the `resources` answer has it: without what is off."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.choices:
            entry["choices"] = list(self.choices)
        if self.target:
            entry["target"] = self.target
        entry.update({modifier: True for modifier in MODIFIERS if getattr(self, modifier)})
        if self.default is not None:
            entry["default"] = self.default
        return {**entry, **self.limits.answer()}


@dataclass(frozen=True)
class Resource:
    """One resource of the API: `name` and `plural` name its package and its route.

    `unique` has sets of fields of which no two rows have the same values.
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    unique: tuple[tuple[str, ...], ...] = ()

    def option(self) -> str:
        """Return the resource as --resource takes it."""
        is_derived = self.plural == pluralize(self.name)
        name = self.name if is_derived else f"{self.name}/{self.plural}"
        options = [f"unique={'+'.join(names)}" for names in self.unique]
        return " ".join([":".join([name, *options]), *(field.option() for field in self.fields)])

    def answer(self) -> dict[str, Any]:
        """Return the resource as the `resources` answer has it: without what is off."""
        fields = [field.answer() for field in self.fields]
        entry: dict[str, Any] = {"name": self.name, "plural": self.plural, "fields": fields}
        if self.unique:
            entry["unique"] = [list(names) for names in self.unique]
        return entry


def parse_resource(text: str) -> Resource:
    """Parse `NAME[/PLURAL][:OPTION=VALUE]... FIELD...`, with fields as `parse_field` takes them.

    Raises `UsageError` for text of another form; `rules.check_resources` judges the names.
    """
    words = text.split()
    if not words:
        raise UsageError("--resource is empty.", 'Write --resource "product name:str".')
    head, *options = words[0].split(":")
    name, _, plural = head.partition("/")
    fields = tuple(parse_field(word) for word in words[1:])
    given = _options(name, options)
    unique = tuple(tuple(value.split("+")) for value in given["unique"])
    return Resource(name, plural or pluralize(name), fields, unique)


def _options(name: str, words: list[str]) -> dict[str, list[str]]:
    """Return the values of each option that the `words` after a resource's name give it."""
    given: dict[str, list[str]] = {option: [] for option in OPTIONS}
    for word in words:
        option, equals, value = word.partition("=")
        if option not in given:
            hint = did_you_mean(option, [f"{known}=" for known in given])
            raise UsageError(f"Resource {name!r}: there is no option {option!r}.", hint)
        if not equals or not value:
            raise UsageError(f"Resource {name!r}: {option} has no value.", f"Write {option}=...")
        given[option].append(value)
    return given


def parse_field(text: str) -> Field:
    """Parse `name:type[=argument][?][:modifier]...`, where `?` means optional.

    The modifier `pattern=` is the last one: all that follows belongs to the pattern. Raises
    `UsageError` for text of another form; `rules.check_resources` judges names, types and values.
    """
    plain, has_pattern, pattern = text.partition(":pattern=")
    name, _, rest = plain.partition(":")
    kind, *modifiers = rest.split(":")
    if kind.endswith("?"):
        kind, modifiers = kind[:-1], ["optional", *modifiers]
    kind, _, argument = kind.partition("=")
    if not kind:
        raise UsageError(f"Field {text!r} has no type.", f"Write {name or 'name'}:str.")
    if argument and kind not in {"enum", "ref", "decimal"}:
        raise UsageError(f"Field {text!r}: {kind} takes no argument.", f"Write {name}:{kind}.")
    given = _modifiers(text, modifiers)
    limited = [word for word in given if word.partition("=")[0] in limits.TYPES_OF]
    limited += [f"pattern={pattern}"] if has_pattern else []
    scale = argument if kind == "decimal" else ""
    found = limits.from_words(f"Field {text!r}", kind, scale, limited)
    default = [word.removeprefix("default=") for word in given if word.startswith("default=")]
    return Field(
        name,
        kind,
        choices=tuple(argument.split(",")) if kind == "enum" and argument else (),
        target=argument if kind == "ref" else "",
        default=defaults.from_text(kind, default[0], found.places) if default else None,
        limits=found,
        **{word: True for word in given if word in MODIFIERS},
    )


def _modifiers(text: str, words: list[str]) -> list[str]:
    """Return the `words` after the type of a field; raises `UsageError` for one there is not."""
    known = [*MODIFIERS, "default=VALUE", *(f"{name}=..." for name in limits.TYPES_OF)]
    seen = set()
    for word in words:
        name, equals, _ = word.partition("=")
        if name not in MODIFIERS if not equals else name not in {"default", *limits.TYPES_OF}:
            hint = did_you_mean(word, known)
            raise UsageError(f"Field {text!r}: there is no modifier {word!r}.", hint)
        if name in seen:
            raise UsageError(f"Field {text!r} has {name} twice.", "Remove one of them.")
        seen.add(name)
    return words


def resources_from_answer(answer: object) -> list[Resource]:
    """Return the resources in a `resources` answer, as a YAML or JSON file gives it.

    Raises `UsageError` for anything that does not have the shape
    `[{name, plural?, fields: [{name, type, choices?, target?, optional?, unique?, index?,
    default?, ...}], unique?: [[name, name]]}]`, where `...` stands for `limits.KEYS`.
    """
    if not isinstance(answer, list):
        raise UsageError("resources must be a list.", SEE_SCHEMA)
    return [_resource_from_answer(entry) for entry in answer]


def _resource_from_answer(entry: object) -> Resource:
    keys = _mapping(entry, "a resource", ["name", "plural", "fields", *OPTIONS])
    name, plural = _text(keys, "name"), _text(keys, "plural")
    fields = keys.get("fields", [])
    if not isinstance(fields, list):
        raise UsageError(f"Resource {name!r}: fields must be a list.", SEE_SCHEMA)
    return Resource(
        name,
        plural or pluralize(name),
        tuple(_field_from_answer(field) for field in fields),
        _unique_from_answer(name, keys.get("unique", [])),
    )


def _unique_from_answer(name: str, sets: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(sets, list) or not all(
        isinstance(names, list) and all(isinstance(field, str) for field in names) for names in sets
    ):
        what = f"Resource {name!r}: unique must be a list of lists of fields."
        raise UsageError(what, "Write unique: [[author, title]].")
    return tuple(tuple(names) for names in sets)


def _field_from_answer(entry: object) -> Field:
    known = ["name", "type", "choices", "target", "default", *MODIFIERS, *limits.KEYS]
    keys = _mapping(entry, "a field", known)
    name, choices = _text(keys, "name"), keys.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise UsageError(f"Field {name!r}: choices must be a list of words.", "Quote each of them.")
    for modifier in MODIFIERS:
        if not isinstance(keys.get(modifier, False), bool):
            raise UsageError(f"Field {name!r}: {modifier} must be true or false.", SEE_SCHEMA)
    default = keys.get("default")
    if "default" in keys and not isinstance(default, str | int | float):
        raise UsageError(f"Field {name!r}: default must be one value.", SEE_SCHEMA)
    return Field(
        name,
        _text(keys, "type"),
        tuple(choices),
        _text(keys, "target"),
        default=default,
        limits=limits.from_answer(f"Field {name!r}", _text(keys, "type"), keys),
        **{modifier: keys.get(modifier, False) for modifier in MODIFIERS},
    )


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


def _text(keys: Mapping[str, Any], key: str) -> str:
    value = keys.get(key, "")
    if not isinstance(value, str):
        what = type(value).__name__
        raise UsageError(f"resources: {key} must be text, not {what}.", "Put it in quotes.")
    return value
