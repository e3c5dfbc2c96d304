"""Reads one field of a Django model: its type, its target, and what it allows."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.sources import limiting
from generator.sources.python import (
    Code,
    Module,
    attribute,
    choices_of,
    keywords,
    last_name,
    literal,
    members,
)
from generator.sources.tables import OWN_COLUMNS, Column, Reading, text_type

TYPES = {
    **dict.fromkeys(("IntegerField", "SmallIntegerField", "BigIntegerField"), "int"),
    **dict.fromkeys(("PositiveIntegerField", "PositiveSmallIntegerField"), "int"),
    **dict.fromkeys(("PositiveBigIntegerField", "AutoField", "BigAutoField"), "int"),
    "BooleanField": "bool",
    "NullBooleanField": "bool",
    "CharField": "str",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "decimal",
    "EmailField": "email",
    "FloatField": "float",
    "JSONField": "json",
    "SlugField": "str",
    "TextField": "text",
    "UUIDField": "uuid",
    "URLField": "url",
}
REFERENCES = frozenset({"ForeignKey", "OneToOneField"})
ON_DELETE = {
    **dict.fromkeys(("PROTECT", "RESTRICT", "DO_NOTHING"), "protect"),
    **{"CASCADE": "cascade", "SET_NULL": "set_null"},
}
TEXTUAL = frozenset({"str", "text", "email", "url", "enum"})


@dataclass(frozen=True)
class Definition:
    """One line of a class that makes a field; `owner` is the class."""

    name: str
    line: ast.stmt
    call: ast.Call
    owner: ast.ClassDef


def is_field(value: ast.expr | None) -> bool:
    """Tell whether `value` is a call that makes a field of a model.

    Fields of forms and serializers have the same names, and are called `forms.CharField`.
    """
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Attribute) and last_name(value.func.value) in {
        "forms",
        "serializers",
    }:
        return False
    name = last_name(value)
    return name in REFERENCES or name.endswith("Field")


def column(code: Code, module: Module, definition: Definition, reading: Reading) -> Column | None:
    """Return the column, None where it cannot be a field: then there is a remark."""
    where, call, options = module.at(definition.line), definition.call, keywords(definition.call)
    name, kind = definition.name, TYPES.get(last_name(call), "")
    is_key = bool(literal(options.get("primary_key")))
    if name in OWN_COLUMNS and last_name(call) not in REFERENCES:
        return Column(name, "uuid", where, is_key=is_key)
    if last_name(call) == "ManyToManyField":
        return _many(definition, where, reading)
    target = ""
    if last_name(call) in REFERENCES:
        kind, target = "ref", _target(call, options)
    if not kind:
        reading.remark(where, f"{name} is left out: no type of field is like {last_name(call)}.")
        return None
    unique = bool(literal(options.get("unique"))) or last_name(call) == "OneToOneField"
    index = bool(literal(options.get("db_index")))
    choices, values = _choices(code, module, definition, options)
    if choices and kind in {"str", "text"}:
        kind = "enum"
    elif "choices" in options:
        reading.remark(where, f"the choices of {name} are left out: they are not plain text.")
        choices = ()
    elif kind == "str" and last_name(call) == "CharField":
        length = literal(options.get("max_length"))
        kind = text_type(length if isinstance(length, int) else None, has_index=unique or index)
    optional = bool(literal(options.get("null")))
    if not optional and kind in TEXTUAL:
        optional = bool(literal(options.get("blank")))
    tell = partial(reading.remark, where)
    given = options.get("default")
    if isinstance(given, ast.Name) and given.id not in (values or {}):
        given = attribute(definition.owner, given.id) or code.constant(given.id, module) or given
    default = None if is_key or not given else _default(given, values, where, name, reading)
    return Column(
        name,
        kind,
        where,
        choices,
        target,
        optional=optional,
        unique=unique,
        index=index,
        default=None if default == "" else default,
        is_key=is_key,
        limits=limiting.stated(
            kind, _limits(call, kind, tell), lambda what: tell(f"{name}: {what}")
        ),
        on_delete=_on_delete(call, options, tell) if kind == "ref" else "",
    )


def _many(definition: Definition, where: str, reading: Reading) -> Column | None:
    """Return the references to many that a ManyToManyField has."""
    name, options = definition.name, keywords(definition.call)
    target = _target(definition.call, options)
    if "through" in options or last_name_of(target) in {"User", "AUTH_USER_MODEL"}:
        what = f"{name} is left out: it is a many-to-many relation; a resource with two refs can"
        reading.remark(where, f"{what} take its place.")
        return None
    return Column(name, "refs", where, target=target)


def last_name_of(target: str) -> str:
    """Return the class of a model's label, such as `User` of `accounts.User`."""
    return target.rpartition(".")[2]


def _limits(call: ast.Call, kind: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the limits that the class and the arguments of a field state."""
    options = keywords(call)
    given: dict[str, Any] = {"min": 0} if last_name(call).startswith("Positive") else {}
    if kind in {"str", "text"}:
        given["max_length"] = literal(options.get("max_length"))
    if kind == "decimal":
        given["digits"] = literal(options.get("max_digits"))
        given["decimals"] = literal(options.get("decimal_places"))
    validators = options.get("validators")
    listed = validators.elts if isinstance(validators, ast.List | ast.Tuple) else []
    return given | limiting.of_validators(listed, tell)


def _on_delete(call: ast.Call, options: dict[str, ast.expr], tell: Callable[[str], None]) -> str:
    """Return what a delete of the target does, as it is recorded; empty where that is usual."""
    given = call.args[1] if len(call.args) > 1 else options.get("on_delete")
    word = last_name(given)
    if word and word not in ON_DELETE:
        tell(f"on_delete is left out: {word}.")
    usual = "set_null" if literal(options.get("null")) else "protect"
    found = ON_DELETE.get(word, "")
    return "" if found == usual else found


def _target(call: ast.Call, options: dict[str, ast.expr]) -> str:
    """Return the model that a reference names: `app.Model`, `Model` or `self`."""
    to = call.args[0] if call.args else options.get("to")
    text = literal(to)
    return text if isinstance(text, str) else last_name(to)


def _choices(
    code: Code, module: Module, definition: Definition, options: dict[str, ast.expr]
) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    """Return the choices of a field, and the values of its enumeration by their names."""
    given = options.get("choices")
    if isinstance(given, ast.Attribute) and given.attr == "choices":
        given = given.value
    name = last_name(given)
    for node in _classes(code, module, definition.owner, name):
        if values := members(node):
            return choices_of(values), values
    if isinstance(given, ast.Name):
        given = attribute(definition.owner, name) or code.constant(name, module)
    if not isinstance(given, ast.List | ast.Tuple):
        return (), None
    found = []
    for element in given.elts:
        value = element.elts[0] if isinstance(element, ast.Tuple | ast.List) else element
        if isinstance(value, ast.Name):
            value = (
                attribute(definition.owner, value.id) or code.constant(value.id, module) or value
            )
        found.append(literal(value))
    texts = tuple(value for value in found if isinstance(value, str))
    return (texts, None) if len(texts) == len(found) else ((), None)


def _classes(code: Code, module: Module, owner: ast.ClassDef, name: str) -> Iterator[ast.ClassDef]:
    """Yield the class called `name` inside of `owner`, then the one in a module."""
    for line in owner.body:
        if isinstance(line, ast.ClassDef) and line.name == name:
            yield line
    if found := code.find(name, module):
        yield found


def _default(
    node: ast.expr,
    values: dict[str, Any] | None,
    where: str,
    name: str,
    reading: Reading,
) -> Any:
    if isinstance(node, ast.Call) and last_name(node) == "Decimal" and node.args:
        node = node.args[0]
    if values and last_name(node) in values:
        return values[last_name(node)]
    default = literal(node)
    if default is None and not isinstance(node, ast.Constant):
        reading.remark(where, f"the default of {name} is left out: {ast.unparse(node)}.")
    return default
