"""Reads the resources of a project from its models, where no record names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generator.questions.facts import Facts, Models
from generator.questions.manifest import Manifest
from generator.questions.name_rules import refused_resource_names
from generator.questions.resources import Resource
from generator.sources.code import STYLES
from generator.sources.fit import Found, Place, fit
from generator.sources.tables import Table


def read_resources(root: Path, manifest: Manifest) -> Found:
    """Return the resources of the project at `root`, whichever framework it is of."""
    for facts in manifest.frameworks.values():
        if facts.models and (found := _read(root, facts, facts.models)).resources:
            return found
    return Found((), ())


def _read(root: Path, facts: Facts, models: Models) -> Found:
    # In folders whose names no resource can have, the template has models of its own.
    refused = refused_resource_names(facts.reserved.resources)
    files = [path for path in sorted(root.glob(models.files)) if path.parent.name not in refused]
    if models.style not in STYLES:
        return Found((), ())
    reading = STYLES[models.style](files, root)
    tables = _in_order(root / models.order, reading.tables)
    # Whether there are accounts is not known yet; only where there are, something refers to users.
    return fit(replace(reading, tables=tables), Place(facts.reserved, users=True))


def _in_order(file: Path, tables: Sequence[Table]) -> list[Table]:
    """Return the tables in the order in which `file` names their plurals the last time."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return list(tables)

    def place(table: Table) -> int:
        found = [match.start() for match in re.finditer(rf"\b{re.escape(table.plural)}\b", text)]
        return found[-1] if table.plural and found else len(text)

    return sorted(tables, key=place)


def parts(resources: Sequence[Resource]) -> list[tuple[str, str]]:
    """Return the names of each resource and field that no other one needs, resources first.

    The second name is empty where the whole resource is meant.
    """
    needed = {field.target for one in resources for field in one.fields if field.target != one.name}
    whole = [(one.name, "") for one in resources if one.name not in needed]
    return [*whole, *((one.name, field.name) for one in resources for field in one.fields)]


def without(resources: Sequence[Resource], gone: tuple[str, str]) -> list[Resource]:
    """Return `resources` without the one of `parts`, as far as something is left."""
    name, word = gone
    fewer = [
        replace(one, fields=tuple(field for field in one.fields if field.name != word))
        if one.name == name
        else one
        for one in resources
        if one.name != name or word
    ]
    return fewer if fewer and all(one.fields for one in fewer) else list(resources)
