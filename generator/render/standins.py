"""Stand-ins for packages that a library imports and, as we use it, never calls."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


@contextmanager
def standing_in(packages: frozenset[str], names: Mapping[str, type]) -> Iterator[None]:
    """Import empty modules in place of `packages` and whatever is in them.

    Any name can be imported from them: it is what `names` has for it, else a class that does
    nothing. What was imported before stays what it is, and afterwards the packages can be
    imported as they are.
    """
    finder = _Finder(packages, names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)


class _Finder(MetaPathFinder, Loader):
    def __init__(self, packages: frozenset[str], names: Mapping[str, type]) -> None:
        self.prefixes, self.names = tuple(f"{package}." for package in packages), names
        self.made: list[str] = []

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not f"{fullname}.".startswith(self.prefixes):
            return None
        self.made.append(fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__getattr__"] = self._class_named

    def _class_named(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.names.get(name) or type(name, (), {})
