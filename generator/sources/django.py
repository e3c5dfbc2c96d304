"""Reads Django models."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from generator.sources.django_fields import Definition, column, is_field
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
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Table, joint

OWN_BASES = frozenset({"OwnedRecord", "Record"})  # of the models in projects of ours


def read(paths: Sequence[Path], root: Path | None = None) -> Reading:
    """Return the tables of the models in Python files, and in those of folders.

    Remarks name the files as they are seen from `root`. Raises `UsageError` for a missing path.
    """
    reading = Reading()
    code = read_modules(paths, reading, root)
    for module, node in code.classes():
        if _is_model(code, module, node) and not _is_abstract(node):
            reading.tables.append(_Model(code, module, node, reading).table())
    return reading


def _is_model(code: Code, module: Module, node: ast.ClassDef) -> bool:
    family = code.bases(node, module)
    names = {last_name(base) for one in family for base in one.bases}
    if names & {"Model", "TimeStampedModel", "AbstractUser", "AbstractBaseUser", *OWN_BASES}:
        return True
    # A model whose base class is in none of the files, unlike forms and serializers.
    values = [getattr(line, "value", None) for line in node.body]
    return any(is_field(one) and _module(one) == "models" for one in values)


def _module(call: ast.expr | None) -> str:
    """Return `models` for `models.CharField(...)`."""
    func = call.func if isinstance(call, ast.Call) else None
    return last_name(func.value) if isinstance(func, ast.Attribute) else ""


def _is_abstract(node: ast.ClassDef) -> bool:
    meta = _meta(node)
    return meta is not None and bool(
        literal(attribute(meta, "abstract")) or literal(attribute(meta, "proxy"))
    )


def _meta(node: ast.ClassDef) -> ast.ClassDef | None:
    found = (line for line in node.body if isinstance(line, ast.ClassDef) and line.name == "Meta")
    return next(found, None)


@dataclass(frozen=True)
class _Model:
    code: Code
    module: Module
    node: ast.ClassDef
    reading: Reading

    def table(self) -> Table:
        columns: dict[str, Column] = {}
        for definition in self._definitions():
            if found := column(self.code, self.module, definition, self.reading):
                columns[definition.name] = found
        unique = self._constrain(columns)
        name, app = self.node.name, self._app()
        where, plural, path = self.module.at(self.node), self._plural(app), f"{app}.{name}"
        whole = tuple(columns.values())
        return Table(name, where, whole, plural, (path,), is_class=True, unique=unique)

    def _app(self) -> str:
        """Return the folder that the models are in, without a package `models`."""
        folders = [part for part in PurePath(self.module.path).parts[:-1] if part != "models"]
        return folders[-1] if folders else ""

    def _plural(self, app: str) -> str:
        """Return the app's name in a project of ours, and the table's where it is given."""
        if any(last_name(base) in OWN_BASES for base in self.node.bases):
            return app
        meta = _meta(self.node)
        table = literal(attribute(meta, "db_table")) if meta else None
        return table if isinstance(table, str) else ""

    def _definitions(self) -> Iterator[Definition]:
        """Yield the fields of the class and of the abstract ones that it inherits from."""
        for owner in self.code.bases(self.node, self.module):
            if owner is not self.node and not _is_abstract(owner):
                if any(is_field(getattr(line, "value", None)) for line in owner.body):
                    what = f"{self.node.name} inherits from the model {owner.name}: "
                    what += "its fields are not repeated."
                    self.reading.remark(self.module.at(self.node), what)
                continue
            for line in owner.body:
                value = getattr(line, "value", None)
                for name in assigned(line):
                    if isinstance(value, ast.Call) and is_field(value):
                        yield Definition(name, line, value, owner)

    def _constrain(self, columns: dict[str, Column]) -> tuple[tuple[str, ...], ...]:
        """Give the columns what `Meta` says, and return those that are unique together."""
        meta, together = _meta(self.node), []
        if meta is None:
            return ()
        for option in ("indexes", "constraints", "unique_together", "index_together"):
            value = attribute(meta, option)
            elements = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            if elements and all(isinstance(literal(one), str) for one in elements):
                elements = [value] if value else []
            for element in elements:
                together += self._apply(columns, option, element)
        return tuple(together)

    def _apply(
        self, columns: dict[str, Column], option: str, element: ast.expr
    ) -> list[tuple[str, ...]]:
        options = keywords(element) if isinstance(element, ast.Call) else {}
        words = literal(options.get("fields")) if options else literal(element)
        words = [str(word).removeprefix("-") for word in words or ()]
        names, kind = joint(words), last_name(element) or option
        if kind == "Index" and words and set(words) <= OWN_COLUMNS:
            return []
        is_known = kind in {"Index", "UniqueConstraint", "unique_together", "index_together"}
        is_plain = is_known and not {"condition", "expressions"} & options.keys()
        if is_plain and len(names) == 1 and names[0] in columns:
            columns[names[0]] = columns[names[0]].with_index(unique="nique" in kind)
            return []
        if is_plain and "nique" in kind and set(names) <= columns.keys():
            return [tuple(columns[name].name for name in names)]
        what = f"{kind} ({', '.join(words)})" if words else kind
        self.reading.remark(self.module.at(element), f"the {what} is left out.")
        return []
