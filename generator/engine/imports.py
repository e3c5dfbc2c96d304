"""Imports of Python modules that a change leaves behind: moved by the owner, or gone."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import chain

from generator.engine.planned import Change
from generator.project.project import files_of
from generator.tree import File, read_file

IMPORT = re.compile(
    rb"^\s*(?:from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)|import\s+([^\n]*))", re.MULTILINE
)
DEFINED = re.compile(rb"^(?:class |def |async def )?([A-Za-z_]\w*)(?=[(:\[]| ?[:=])", re.MULTILINE)
SUFFIX = ".py"


def of_moved_modules(change: Change) -> Iterator[str]:
    """Yield a sentence for each changed file that imports a Python module from its old place."""
    moved = {_module(old): (old, new) for new, old in change.followed.items() if _is_code(old)}
    for path, file in sorted(change.after.items()) if moved else []:
        for module in sorted(moved.keys() & _imported(path, file)):
            old, new = moved[module]
            yield f"{path} imports {old}, which you moved to {new}."


def of_lost_modules(change: Change) -> Iterator[str]:
    """Yield a sentence for each file that goes on importing what the change removes.

    These are the owner's own files, and those of the template's that have the owner's edits.
    """
    gone = sorted(filter(_is_code, change.before.keys() - change.after.keys()))
    renamed = {old: f"{old} (now {new})" for new, old in change.moved.items()}
    conflicts = {conflict.path for conflict in change.conflicts}
    lost = {_module(path): renamed.get(path, path) for path in gone}
    lost |= _lost_names(change, conflicts)
    edited = {
        path: file
        for path, file in change.after.items()
        if path not in conflicts and file != change.theirs.get(path)
    }
    for path, file in sorted(chain(edited.items(), _own_files(change))) if lost else []:
        found = sorted(lost[module] for module in lost.keys() & _imported(path, file))
        if found:
            yield f"{path} imports what is gone: {', '.join(found)}."


def _lost_names(change: Change, conflicts: Container[str]) -> dict[str, str]:
    """Return the names that modules of the template no longer define, and where they were."""
    lost = {}
    for path in change.before.keys() & change.after.keys() & change.base.keys():
        if _is_code(path) and path not in conflicts:
            left = _defined(change.after[path])
            for name in _defined(change.base[path]) - left:
                lost[f"{_module(path)}.{name}"] = f"{name} of {path}"
    return lost


def _own_files(change: Change) -> Iterator[tuple[str, File]]:
    root = change.project.root
    for path in files_of(root) - change.base.keys() - change.theirs.keys() - change.after.keys():
        if _is_code(path) and path not in change.before and (file := read_file(root / path)):
            yield path, file


def _defined(file: File) -> set[str]:
    """Return the names of the classes, functions and variables of a module."""
    return {name.decode() for name in DEFINED.findall(file.content)}


def _is_code(path: str) -> bool:
    return path.endswith(SUFFIX) and not path.endswith("__init__.py")


def _module(path: str) -> str:
    return path.removesuffix(SUFFIX).replace("/", ".")


def _imported(path: str, file: File) -> set[str]:
    """Return the names of what a Python file imports, with the packages that they are in."""
    names = set()
    for package, listed, modules in IMPORT.findall(file.content) if _is_code(path) else []:
        words = re.findall(rb"[\w.]+", listed or modules)
        names |= {b".".join((package, word)) if package else word for word in words} | {package}
    return {name.decode(errors="replace") for name in names}
