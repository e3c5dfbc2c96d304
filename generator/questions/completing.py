"""How a resource, its fields and its endpoints can go on while they are typed."""

from __future__ import annotations

from collections.abc import Sequence

from generator.questions import access, existing
from generator.questions.defaults import NOW
from generator.questions.endpoints import METHODS
from generator.questions.limits import TYPES_OF
from generator.questions.relations import BUILT_IN, ON_DELETE, REFERENCES
from generator.questions.resources import MODIFIERS, TYPES, UNORDERED


def options(typed: str) -> list[str]:
    """Return what `typed`, the name of a resource and a colon at least, can become."""
    name, *given = typed.split(":")[:-1]
    found = [f"{name}{choice.option()}" for choice in access.CHOICES]
    before = ":".join([name, *given])
    found += [f"{before}:{word}=" for word in _existing(given)]
    found.append(f"{before}:unique=")
    return [word for word in found if word.startswith(typed)]


def access_options(given: Sequence[str]) -> list[str]:
    """Return the options of who owns, reads and writes rows, but those that are `given`."""
    taken = {word.partition("=")[0] for word in given}
    return [
        f"{option}={value}"
        for option, values in access.OPTIONS.items()
        for value in values
        if option not in taken
    ]


def is_existing(name: str) -> bool:
    """Tell whether the options after the `name` of a resource say that its table exists."""
    return any(word.startswith("table=") for word in name.split(":")[1:])


def fields(typed: str, targets: Sequence[str], *, is_existing: bool = False) -> list[str]:
    """Return what `typed`, a name and a colon at least, can become; `targets` are those of a ref.

    Where a field is complete, what can follow it is returned, too. Where its table `is_existing`,
    the field may name a column.
    """
    name, kind, *modifiers = typed.split(":")
    if modifiers:
        *complete, _ = modifiers
        before = ":".join([name, kind, *complete])
        options = _modifiers(kind, complete, is_existing=is_existing)
        found = [f"{before}:{modifier}" for modifier in options]
    else:
        kinds = [word for word in _kinds(kind, targets) if not (is_existing and word[:4] == "refs")]
        found = [f"{name}:{word}" for word in kinds]
    found = [field for field in found if field.startswith(typed)]
    return [*found, *_longer(found[0], is_existing=is_existing)] if len(found) == 1 else found


def endpoints(typed: str) -> list[str]:
    """Return what `typed`, a name and the capital letter of a method at least, can become."""
    name, colon, rest = typed.partition(":")
    if not colon or not rest[:1].isupper():
        return []
    words = [word for method in METHODS for word in (method, f"{method}:collection")]
    return [f"{name}:{word}" for word in words if word.startswith(rest)]


def _kinds(typed: str, targets: Sequence[str]) -> list[str]:
    if typed.endswith("?"):
        return [typed]
    if typed.startswith("refs"):
        resources = [one.removesuffix(":optional") for one in targets if one not in BUILT_IN]
        return [f"refs={target}" for target in resources]
    if typed.startswith("r"):
        return [f"ref={target}" for target in targets if target != "file"] + ["refs="]
    if typed.startswith("en"):
        if typed.startswith("enum="):
            return [] if typed.endswith(("=", ",")) else [typed]
        return ["enum=", "enum=draft,published"]
    found = [f"{kind}=" if kind in {"enum", *REFERENCES} else kind for kind in TYPES]
    return found + (["file"] if "file" in targets else [])


def _longer(field: str, *, is_existing: bool) -> list[str]:
    _, kind, *modifiers = field.split(":")
    options = _modifiers(kind, modifiers, is_existing=is_existing)
    return [f"{field}:{modifier}" for modifier in options]


def _existing(given: Sequence[str]) -> list[str]:
    """Return the option that names a table that exists, or with a table, the one of its key."""
    taken = {word.partition("=")[0] for word in given}
    return [word for word in existing.OPTIONS if word not in taken][:1]


def _modifiers(kind: str, given: Sequence[str], *, is_existing: bool) -> list[str]:
    """Return the modifiers that a field can have beside those `given`."""
    word, _, argument = kind.removesuffix("?").partition("=")
    if word in {"enum", *REFERENCES} and not argument:
        return []  # its choices, or what it points to, come first
    if word == "refs":
        return []
    taken = {*given, "optional"} if kind.endswith("?") else set(given)
    has_default = any(modifier.startswith("default=") for modifier in given)
    never = {"unique", "index"} if word in UNORDERED else set()
    if word == "enum" or argument == "user" or has_default:
        never.add("unique")
    if has_default:
        never.add("optional")
    if any(modifier.startswith("pattern=") or modifier.endswith("=") for modifier in given):
        return []  # the rest belongs to the pattern, or a value comes first
    found = [modifier for modifier in MODIFIERS if modifier not in taken | never]
    if word in {"ref", "file"} and not taken & ON_DELETE.keys():
        found += [each for each in ON_DELETE if each != "null" or "optional" in taken]
    may_have_default = not has_default and not {"optional", "unique"} & taken
    known = {"bool": ["false", "true"], "enum": argument.split(",")}
    if is_existing:
        known |= {each: [NOW] for each in ("date", "datetime")}
    values = known.get(word, [])
    found += [f"default={value}" for value in values if may_have_default]
    limited = {modifier.partition("=")[0] for modifier in given}
    limits = (name for name, kinds in TYPES_OF.items() if word in kinds and name not in limited)
    column = ["column="] if is_existing and "column" not in limited else []
    return [*found, *(f"{name}=" for name in limits), *column]
