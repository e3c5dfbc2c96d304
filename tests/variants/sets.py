"""Prints the sets of resources as JSON: the values of `resources` in validate.toml.

Sets that refer to users, or open rows to others, have a twin for projects without users.
"""

from __future__ import annotations

import json

from .resources import RESOURCE_SETS

OPEN = "-open"


def sets() -> dict[str, list[str]]:
    """Return each set that differs with and without users by two names."""
    found: dict[str, list[str]] = {}
    for name, of in RESOURCE_SETS.items():
        found[name] = of(True)
        if of(False) != of(True):
            found[f"{name}{OPEN}"] = of(False)
    return found


if __name__ == "__main__":
    print(json.dumps(sets()))  # noqa: T201
