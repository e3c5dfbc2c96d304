"""Packages that are imported when they are first used, by Python's own loader for that."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def load(name: str) -> None:
    """Have `import name` do nothing until something of the package is used."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        return
    loader = spec.loader = LazyLoader(spec.loader)
    sys.modules[name] = module_from_spec(spec)
    loader.exec_module(sys.modules[name])
