"""Reads one column of a SQLAlchemy model: its type, its target, and what it allows."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.sources import limiting
from generator.sources.python import (
    Code,
    Module,
    choices_of,
    keywords,
    last_name,
    literal,
    members,
)
from generator.sources.tables import OWN_COLUMNS, STR_LENGTH, Column, Reading, text_type

MAPPED = frozenset({"Mapped"})
# The types of SQLAlchemy, of Python in `Mapped`, and those that projects of ours define.
TYPES = {
    **dict.fromkeys(("Integer", "SmallInteger", "BigInteger", "INTEGER", "BIGINT", "int"), "int"),
    **dict.fromkeys(("Float", "Double", "FLOAT", "REAL", "float"), "float"),
    **dict.fromkeys(("Numeric", "DECIMAL", "NUMERIC", "Decimal", "ExactDecimal"), "decimal"),
    **dict.fromkeys(("Boolean", "BOOLEAN", "bool"), "bool"),
    **dict.fromkeys(("Date", "DATE", "date"), "date"),
    **dict.fromkeys(("DateTime", "TIMESTAMP", "DATETIME", "UTCDateTime", "datetime"), "datetime"),
    **dict.fromkeys(("Uuid", "UUID", "GUID"), "uuid"),
    **dict.fromkeys(("JSON", "JSONB", "JSON_TYPE", "dict", "list"), "json"),
}
STRINGS = frozenset({"String", "Unicode", "VARCHAR", "CHAR", "NVARCHAR", "str"})
TEXTS = frozenset({"Text", "UnicodeText", "TEXT", "CLOB"})
ON_DELETE = {
    **dict.fromkeys(("NO ACTION", "RESTRICT"), "protect"),
    **{"CASCADE": "cascade", "SET NULL": "set_null"},
}
EMAIL_LENGTH, URL_LENGTH = 254, 2000  # of the columns that projects of ours have for these types


@dataclass(frozen=True)
class Definition:
    """One line of a class that makes a column."""

    name: str
    line: ast.stmt
    annotation: ast.expr | None
    value: ast.expr | None


def is_column(value: ast.expr | None) -> bool:
    """Tell whether `value` is a call that makes a column."""
    return isinstance(value, ast.Call) and last_name(value) in {"Column", "mapped_column"}


def column(code: Code, module: Module, definition: Definition, reading: Reading) -> Column | None:
    """Return the column, None where it cannot be a field: then there is a remark."""
    where = module.at(definition.line)
    annotated, is_optional = _annotation(definition.annotation)
    arguments, options = _call(definition.value)
    alias = code.constant(last_name(annotated), module) if annotated else None
    if isinstance(alias, ast.Subscript) and last_name(alias.value) == "Annotated":
        parts = alias.slice.elts if isinstance(alias.slice, ast.Tuple) else [alias.slice]
        annotated = parts[0]
        for part in parts[1:]:
            more, named = _call(part)
            arguments, options = [*arguments, *more], named | options
    name = definition.name
    if arguments and isinstance(first := literal(arguments[0]), str):
        name, arguments = first, arguments[1:]
    is_key = bool(literal(options.get("primary_key")))
    if name in OWN_COLUMNS and not _foreign(arguments):
        return Column(name, "uuid", where, is_key=is_key)
    if definition.annotation is None:
        is_optional = not is_key
    nullable = literal(options.get("nullable"))
    unique, index = (bool(literal(options.get(word))) for word in ("unique", "index"))
    target = _foreign(arguments)
    types = [one for one in arguments if last_name(one) not in NOT_TYPES]
    kind, choices, values = _type(code, module, types[0] if types else None, annotated, unique)
    if not kind and not target:
        given = types[0] if types else annotated
        shown = ast.unparse(given) if given else "none"
        reading.remark(where, f"{name} is left out: no type of field is like {shown}.")
        return None
    default = None if is_key else _default(options, values, where, name, reading)
    tell = partial(reading.remark, where)
    optional = is_optional if nullable is None else bool(nullable)
    return Column(
        name,
        "ref" if target else kind,
        where,
        choices,
        target,
        optional=optional,
        unique=unique,
        index=index,
        default=default,
        is_key=is_key,
        limits=limiting.stated(kind, _limits(types, kind), lambda what: tell(f"{name}: {what}")),
        on_delete=_on_delete(arguments, tell, optional=optional) if target else "",
    )


def _limits(types: list[ast.expr], kind: str) -> dict[str, Any]:
    """Return the limits that the type of a column states."""
    given = types[0] if types else None
    if kind in {"str", "text"}:
        return {"max_length": limiting.number(given, 0, "length")}
    if kind == "decimal":
        names = (("precision", "digits"), ("scale", "decimals"))
        found = {to: limiting.number(given, at, name) for at, (name, to) in enumerate(names)}
        return found if None not in found.values() else {}
    return {}


def _on_delete(arguments: list[ast.expr], tell: Callable[[str], None], *, optional: bool) -> str:
    """Return what a delete of the target does, as it is recorded; empty where that is usual."""
    for argument in arguments:
        if isinstance(argument, ast.Call) and last_name(argument) == "ForeignKey":
            word = str(literal(keywords(argument).get("ondelete")) or "NO ACTION").upper()
            if word not in ON_DELETE:
                tell(f"ondelete is left out: {word}.")
            found = ON_DELETE.get(word, "")
            return "" if found == ("set_null" if optional else "protect") else found
    return ""


NOT_TYPES = frozenset({"ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint"})


def _annotation(node: ast.expr | None) -> tuple[ast.expr | None, bool]:
    """Return the type in `Mapped[...]`, and whether it may be None."""
    if not isinstance(node, ast.Subscript) or last_name(node.value) not in MAPPED:
        return None, True
    inner: ast.expr = node.slice
    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
        try:
            inner = ast.parse(inner.value, mode="eval").body
        except SyntaxError:
            return inner, False
    if isinstance(inner, ast.Subscript) and last_name(inner.value) == "Optional":
        return inner.slice, True
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.BitOr):
        sides = [inner.left, inner.right]
        types = [side for side in sides if not _is_none(side)]
        return types[0] if types else inner, len(types) < len(sides)
    return inner, False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _call(node: ast.expr | None) -> tuple[list[ast.expr], dict[str, ast.expr]]:
    return (node.args, keywords(node)) if isinstance(node, ast.Call) else ([], {})


def _foreign(arguments: list[ast.expr]) -> str:
    """Return the table or class that a ForeignKey among the arguments names."""
    for argument in arguments:
        if isinstance(argument, ast.Call) and last_name(argument) == "ForeignKey":
            to = argument.args[0] if argument.args else None
            if isinstance(to, ast.Attribute):
                return last_name(to.value)
            words = str(literal(to) or "").split(".")
            return words[-2] if len(words) > 1 else words[0]
    return ""


def _type(
    code: Code, module: Module, given: ast.expr | None, annotated: ast.expr | None, unique: bool
) -> tuple[str, tuple[str, ...], dict[str, Any] | None]:
    """Return the type of field, its choices, and the values of its enumeration."""
    while isinstance(given, ast.Call) and last_name(given) == "with_variant":
        given = given.func.value if isinstance(given.func, ast.Attribute) else None
    if last_name(given) in {"Enum", "ENUM"} and isinstance(given, ast.Call):
        words = [word for word in map(literal, given.args) if isinstance(word, str)]
        if words:
            return "enum", tuple(words), None
        annotated = given.args[0] if given.args else annotated
    for node in (given, annotated):
        name = last_name(node.value if isinstance(node, ast.Subscript) else node)
        if name in TEXTS:
            return text_type(None, has_index=unique), (), None
        if name in STRINGS:
            return _string(node, unique), (), None
        if name in TYPES or "json" in name.lower():
            return TYPES.get(name, "json"), (), None
        found = code.find(name, module)
        if (values := members(found) if found else None) and (choices := choices_of(values)):
            return "enum", choices, values
    return "", (), None


def _string(node: ast.expr | None, unique: bool) -> str:
    arguments, options = _call(node)
    length = literal(arguments[0] if arguments else options.get("length"))
    if length in {EMAIL_LENGTH, URL_LENGTH}:
        return "email" if length == EMAIL_LENGTH else "url"
    # Without a length, `String` and `Mapped[str]` are what most models have for short text.
    return text_type(length if isinstance(length, int) else STR_LENGTH, has_index=unique)


def _default(
    options: dict[str, ast.expr],
    values: dict[str, Any] | None,
    where: str,
    name: str,
    reading: Reading,
) -> Any:
    node = next(
        (options[k] for k in ("default", "insert_default", "server_default") if k in options), None
    )
    if isinstance(node, ast.Call) and last_name(node) in {"text", "Decimal"} and node.args:
        node = node.args[0]
    if values and isinstance(node, ast.Attribute) and node.attr in values:
        return values[node.attr]
    default = literal(node)
    if node is not None and default is None and not isinstance(node, ast.Constant):
        reading.remark(where, f"the default of {name} is left out: {ast.unparse(node)}.")
    return default
