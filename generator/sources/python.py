"""Reads Python files without running them: classes, choices, constants, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import UsageError
from generator.sources.tables import Reading

SKIPPED = frozenset({"__pycache__", "alembic", "migrations", "node_modules", "tests", "venv"})
ENUMS = frozenset({"Enum", "StrEnum", "TextChoices"})


@dataclass(frozen=True)
class Module:
    """A parsed file. `path` is how remarks call it."""

    path: str
    body: ast.Module

    def at(self, node: ast.AST) -> str:
        """Return the place of `node` for a remark."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True)
class Code:
    """The classes of several modules by name; those of a node's own module win."""

    modules: Sequence[Module]

    def classes(self) -> Iterator[tuple[Module, ast.ClassDef]]:
        """Yield each class on the top level of a module."""
        for module in self.modules:
            for node in module.body.body:
                if isinstance(node, ast.ClassDef):
                    yield module, node

    def find(self, name: str, near: Module) -> ast.ClassDef | None:
        """Return the class called `name`, the one in the module `near` first."""
        found = [(module, node) for module, node in self.classes() if node.name == name]
        return next((node for module, node in found if module is near), None) or next(
            (node for _, node in found), None
        )

    def bases(self, node: ast.ClassDef, near: Module) -> list[ast.ClassDef]:
        """Return the classes here that `node` inherits from, the nearest last, and itself."""
        found, left = [node], [node]
        while left:
            for base in left.pop().bases:
                parent = self.find(last_name(base), near)
                if parent and parent not in found:
                    found.append(parent)
                    left.append(parent)
        return found[::-1]

    def constant(self, name: str, near: Module) -> ast.expr | None:
        """Return what is assigned to `name` on the top level of a module, `near` first."""
        for module in [near, *self.modules]:
            for node in module.body.body:
                if name in assigned(node):
                    return getattr(node, "value", None)
        return None


def read_modules(paths: Sequence[Path], reading: Reading, root: Path | None = None) -> Code:
    """Parse Python files, and those in folders; what cannot be parsed is a remark."""
    modules = []
    for path in _files(paths):
        name = path.relative_to(root).as_posix() if root else path.as_posix()
        try:
            modules.append(Module(name, ast.parse(path.read_bytes())))
        except (SyntaxError, ValueError, RecursionError):
            reading.remark(name, "the file cannot be read as Python.")
    return Code(modules)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no {path}.", "Give a Python file, or a folder with some.")
        if path.is_file():
            yield path
            continue
        for file in sorted(path.rglob("*.py")):
            folders = file.relative_to(path).parts[:-1]
            if not any(part.startswith(".") or part in SKIPPED for part in folders):
                yield file


def last_name(node: ast.AST | None) -> str:
    """Return `Column` for `Column`, `sa.Column` and `Column(...)`; else an empty text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return last_name(func)
        case ast.Constant(value=str(text)):
            return text.rpartition(".")[2]
    return ""


def assigned(node: ast.stmt) -> list[str]:
    """Return the names that a statement gives a value or a type."""
    match node:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def attribute(node: ast.ClassDef, name: str) -> ast.expr | None:
    """Return what the class assigns to `name`."""
    found = (getattr(line, "value", None) for line in node.body if name in assigned(line))
    return next(found, None)


def literal(node: ast.AST | None) -> Any:
    """Return the value of a literal, None for anything else."""
    try:
        return ast.literal_eval(node) if isinstance(node, ast.expr) else None
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """Return the named arguments of a call."""
    return {word.arg: word.value for word in call.keywords if word.arg}


def members(node: ast.ClassDef) -> dict[str, Any] | None:
    """Return the values of an enumeration by their names; None for another class."""
    if not any(last_name(base) in ENUMS for base in node.bases):
        return None
    values = {}
    for line in node.body:
        for name in assigned(line):
            value = getattr(line, "value", None)
            plain = literal(value)
            if isinstance(value, ast.Tuple) and value.elts:  # a label beside the value
                plain = literal(value.elts[0])
            values[name] = name.lower() if last_name(value) == "auto" else plain
    return values


def choices_of(values: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the values of an enumeration where all of them are text, else nothing."""
    texts = tuple(value for value in (values or {}).values() if isinstance(value, str))
    return texts if len(texts) == len(values or {}) else ()
