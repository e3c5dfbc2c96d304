"""Reads SQLAlchemy models: `Mapped[...]` with `mapped_column`, and the older `Column`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.sources.python import (
    Code,
    Module,
    assigned,
    attribute,
    keywords,
    last_name,
    literal,
    read_modules,
)
from generator.sources.sqlalchemy_columns import MAPPED, Definition, column, is_column
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Table, joint


def read(paths: Sequence[Path], root: Path | None = None) -> Reading:
    """Return the tables of the models in Python files, and in those of folders.

    Remarks name the files as they are seen from `root`. Raises `UsageError` for a missing path.
    """
    reading = Reading()
    code = read_modules(paths, reading, root)
    for module, node in code.classes():
        if name := _table_name(node):
            reading.tables.append(_Model(code, module, node, reading).table(name))
        elif _is_child(code, module, node):
            reading.remark(module.at(node), f"{node.name} shares the table of another model.")
    # A table of links is no resource, but what the references to many are kept in.
    linking = {table.name for table in reading.tables if {*table.others} & {*reading.links}}
    reading.tables = [table for table in reading.tables if table.name not in linking]
    reading.remarks = [
        one
        for one in reading.remarks
        if not any(f"{name} has a key" in one.text for name in linking)
    ]
    return reading


def _table_name(node: ast.ClassDef) -> str:
    """Return the table of a model; empty for a class that has none of its own."""
    if literal(attribute(node, "__abstract__")):
        return ""
    given = literal(attribute(node, "__tablename__"))
    if isinstance(given, str):
        return given
    # Flask-SQLAlchemy names tables itself.
    return node.name if any(last_name(base) == "Model" for base in node.bases) else ""


def _is_child(code: Code, module: Module, node: ast.ClassDef) -> bool:
    parents = code.bases(node, module)[:-1]
    return any(_table_name(parent) for parent in parents)


@dataclass(frozen=True)
class _Model:
    code: Code
    module: Module
    node: ast.ClassDef
    reading: Reading

    def table(self, name: str) -> Table:
        columns: dict[str, Column] = {}
        for definition in self._definitions():
            found = column(self.code, self.module, definition, self.reading)
            if found:
                columns[definition.name] = found
        unique = [
            together
            for argument in self._arguments()
            if (together := self._constrain(columns, argument))
        ]
        columns |= {one.name: one for one in self._links(name)}
        keys = [one for one in columns.values() if one.is_key]
        if len(keys) > 1:
            words = ", ".join(one.name for one in keys)
            what = f"{self.node.name} has a key of several columns ({words}): rows get an id."
            self.reading.remark(self.module.at(self.node), what)
        plural = "" if name == self.node.name else name
        where = self.module.at(self.node)
        whole = tuple(columns.values())
        return Table(
            self.node.name, where, whole, plural, (name,), is_class=True, unique=tuple(unique)
        )

    def _definitions(self) -> Iterator[Definition]:
        """Yield the columns of the class and of the mixins that it inherits from."""
        for owner in self.code.bases(self.node, self.module):
            for line in owner.body:
                for name in assigned(line):
                    if name.startswith("__"):
                        continue
                    value, annotation = getattr(line, "value", None), None
                    if isinstance(line, ast.AnnAssign):
                        annotation = line.annotation
                    if last_name(value) in {"relationship", "backref", "dynamic_loader"}:
                        continue
                    is_mapped = last_name(getattr(annotation, "value", None)) in MAPPED
                    if is_column(value) or (is_mapped and value is None):
                        yield Definition(name, line, annotation, value)

    def _links(self, table: str) -> Iterator[Column]:
        """Yield the references to many, each from the side that has it first.

        In projects of ours that is the side whose table and attribute name the table of links.
        """
        for owner in self.code.bases(self.node, self.module):
            for line in owner.body:
                value = getattr(line, "value", None)
                options = keywords(value) if isinstance(value, ast.Call) else {}
                if last_name(value) != "relationship" or "secondary" not in options:
                    continue
                (name, *_), where = assigned(line), self.module.at(line)
                linked = str(literal(options["secondary"]) or last_name(options["secondary"]))
                is_back = literal(options.get("viewonly")) and linked != f"{table}_{name}"
                if is_back or linked in self.reading.links:
                    continue
                self.reading.links.append(linked)
                if target := _many_target(line, value):
                    yield Column(name, "refs", where, target=target)
                else:
                    what = f"{name} is left out: the class that it refers to is not named."
                    self.reading.remark(where, what)

    def _arguments(self) -> list[ast.Call]:
        value = attribute(self.node, "__table_args__")
        elements = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        return [one for one in elements if isinstance(one, ast.Call)]

    def _constrain(self, columns: dict[str, Column], call: ast.Call) -> tuple[str, ...]:
        """Give the columns what a constraint or an index says; return those unique together."""
        kind = last_name(call)
        words = [word for word in map(literal, call.args) if isinstance(word, str)]
        if kind == "Index":
            words = words[1:]
        by_column = {one.name: attr for attr, one in columns.items()}
        names = joint(by_column.get(word, word) for word in words)
        is_unique = kind == "UniqueConstraint" or bool(literal(keywords(call).get("unique")))
        if kind == "PrimaryKeyConstraint":
            for name in set(names) & columns.keys():
                columns[name] = replace(columns[name], is_key=True)
        elif kind == "Index" and words and set(words) <= OWN_COLUMNS:
            return ()
        elif kind in {"Index", "UniqueConstraint"} and len(names) == 1 and names[0] in columns:
            columns[names[0]] = columns[names[0]].with_index(unique=is_unique)
        elif is_unique and len(names) > 1 and set(names) <= columns.keys():
            return tuple(columns[name].name for name in names)
        else:
            what = f"{kind} ({', '.join(words)})" if words else kind
            self.reading.remark(self.module.at(call), f"the {what} is left out.")
        return ()


def _many_target(line: ast.stmt, value: ast.expr | None) -> str:
    """Return the class that a relationship is to: the one in its annotation or its argument."""
    annotation = line.annotation if isinstance(line, ast.AnnAssign) else None
    words: list[str] = re.findall(r"\w+", ast.unparse(annotation)) if annotation else []
    if words and words[-1] not in {"Mapped", "list", "List"}:
        return words[-1]
    given = value.args[0] if isinstance(value, ast.Call) and value.args else None
    return str(literal(given) or last_name(given))
