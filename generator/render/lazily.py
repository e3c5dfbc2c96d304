"""Packages that are imported when something of them is first used."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def load(name: str) -> None:
    """Have `import name` do nothing until something of the package is used.

    `importlib.util.LazyLoader` would import it at once: an `import` of a module that is there
    already asks it for its `__spec__`.
    """
    if name not in sys.modules:
        sys.modules[name] = _Later(name)


class _Later(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), attribute)
