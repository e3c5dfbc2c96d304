"""Imports of modules that the project's owner moved: the template's code names the old place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.engine.plan import Change


def of_moved_modules(change: Change) -> Iterator[str]:
    """Yield a sentence for each changed file that imports a Python module from its old place."""
    for new, old in sorted(change.followed.items()):
        if not old.endswith(".py"):
            continue
        imports = _imports_of(old.removesuffix(".py").replace("/", "."))
        for path, file in sorted(change.after.items()):
            if path.endswith(".py") and imports.search(file.content):
                yield f"{path} imports {old}, which you moved to {new}."


def _imports_of(module: str) -> re.Pattern[bytes]:
    package, _, name = module.rpartition(".")
    ways = [rf"^\s*(?:from|import)\s+{re.escape(module)}\b"]
    if package:
        listed = rf"(?:[^\n(]*|\([^)]*)\b{name}\b"
        ways.append(rf"^\s*from\s+{re.escape(package)}\s+import\s+{listed}")
    return re.compile("|".join(ways).encode(), re.MULTILINE)
