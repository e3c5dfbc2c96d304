"""Resources from text: from `"item title:str status:enum=todo,done"` to a `Resource`."""

from __future__ import annotations

from generator.errors import UsageError, did_you_mean
from generator.questions import defaults, existing, limits, relations
from generator.questions.access import access
from generator.questions.endpoints import parse_endpoint
from generator.questions.plurals import pluralize, singularize
from generator.questions.relations import ON_DELETE, REFERENCES
from generator.questions.resources import MODIFIERS, Field, Resource


def parse_resource(text: str) -> Resource:
    """Parse `NAME[/PLURAL][:OPTION=VALUE]... FIELD...`, with fields as `parse_field` takes them.

    The options are those of `access` and `existing`, and `unique=FIELD+FIELD`, which may be
    repeated. Endpoints stand among the fields, as `parse_endpoint` takes them. Raises `UsageError`
    for text of another form; `rules.check_resources` judges the names.
    """
    words = text.split()
    if not words:
        raise UsageError("--resource is empty.", 'Write --resource "product name:str".')
    names, *options = words[0].split(":")
    name, _, plural = names.partition("/")
    endpoints = {word: found for word in words[1:] if (found := parse_endpoint(word))}
    given, unique = _options(name, options)
    mapped = {word: given.pop(word) for word in existing.OPTIONS if word in given}
    return Resource(
        name,
        plural or pluralize(name),
        fields=tuple(parse_field(word) for word in words[1:] if word not in endpoints),
        access=access(given, f"Resource {name!r}"),
        unique=unique,
        endpoints=tuple(endpoints.values()),
        **mapped,
    )


def _options(name: str, words: list[str]) -> tuple[dict[str, str], tuple[tuple[str, ...], ...]]:
    """Return the options of the resource `name`, each given once, and all that are `unique`."""
    once: dict[str, str] = {}
    unique = []
    for word in words:
        option, _, value = word.partition("=")
        if option == "unique":
            if not value:
                what = f"Resource {name!r}: unique names no fields."
                raise UsageError(what, f"Write {name}:unique=FIELD+FIELD.")
            unique.append(tuple(value.split("+")))
        elif option in once:
            raise UsageError(f"Resource {name!r} has {option} twice.", "Remove one of them.")
        else:
            once[option] = value
    return once, tuple(unique)


def parse_field(text: str) -> Field:
    """Parse `name:type[=argument][?][:modifier]...`, where `?` means optional.

    The type `file` is a ref to a file. The modifier `pattern=` is the last one: all that follows
    belongs to the pattern. Raises `UsageError` for text of another form; `rules.check_resources`
    judges names, types and values.
    """
    plain, has_pattern, pattern = text.partition(":pattern=")
    name, _, rest = plain.partition(":")
    kind, *modifiers = rest.split(":")
    if kind.endswith("?"):
        kind, modifiers = kind[:-1], ["optional", *modifiers]
    kind, _, argument = kind.partition("=")
    if not kind:
        raise UsageError(f"Field {text!r} has no type.", f"Write {name or 'name'}:str.")
    if argument and kind not in {"enum", "decimal", *REFERENCES}:
        raise UsageError(f"Field {text!r}: {kind} takes no argument.", f"Write {name}:{kind}.")
    if kind == "file":
        kind, argument = "ref", "file"
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
        target=argument if kind in REFERENCES else "",
        default=defaults.from_text(kind, default[0], found.places) if default else None,
        limits=found,
        on_delete=relations.on_delete(text, given),
        singular=singularize(name) if kind == "refs" else "",
        stored=next((word.removeprefix("column=") for word in given if is_column(word)), ""),
        **{word: True for word in given if word in MODIFIERS},
    )


def is_column(word: str) -> bool:
    """Tell whether the modifier names the column of a table that exists."""
    return word.startswith("column=")


def _modifiers(text: str, words: list[str]) -> list[str]:
    """Return the `words` after the type of a field; raises `UsageError` for one there is not."""
    plain = [*MODIFIERS, *ON_DELETE]
    valued = {"default", "column", *limits.TYPES_OF}
    known = [*plain, "default=VALUE", "column=NAME", *(f"{name}=..." for name in limits.TYPES_OF)]
    seen = set()
    for word in words:
        name, equals, _ = word.partition("=")
        if name not in plain if not equals else name not in valued:
            hint = did_you_mean(word, known)
            raise UsageError(f"Field {text!r}: there is no modifier {word!r}.", hint)
        if name in seen:
            raise UsageError(f"Field {text!r} has {name} twice.", "Remove one of them.")
        seen.add(name)
    return words
