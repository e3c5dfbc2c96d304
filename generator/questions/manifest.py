"""What a template tells scaffold beside its questions: read from `scaffold.yml` at its root."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator import __version__
from generator.errors import TooNewError
from generator.questions.facts import Facts, ProjectNames
from generator.questions.facts_reader import facts_of
from generator.questions.node import Node

FILE = "scaffold.yml"
FORMAT = 1
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Exclusion:
    """A choice that rules something out, and why."""

    choice: str
    excludes: str
    reason: str


@dataclass(frozen=True)
class DataChange:
    """What happens to data in the database when an answer changes from one value to another.

    With `asks`, data is lost or opened. With `asks_owner`, rows get an owner, `{owner}` in what it
    `says`; `creates` and `drops` are patterns of what migrations say of the tables then. The
    `steps` are what the owner does after the change. It holds for all `frameworks` where none is
    named. `says_of_unique` is said of projects with unique fields, `{fields}` in it. The answers in
    `sets` are given with the change. It is refused together with a change of resources, and of the
    questions that it is `apart_from`.
    """

    question: str
    before: str
    after: str
    says: str
    asks: bool = True
    asks_owner: str = ""
    creates: str = ""
    drops: str = ""
    frameworks: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    says_of_unique: str = ""
    sets: Mapping[str, Any] = field(default_factory=dict)
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What a template tells scaffold; that of a template without the file is empty."""

    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    data_changes: tuple[DataChange, ...] = ()
    project_names: ProjectNames = field(default_factory=ProjectNames)
    common: Facts = field(default_factory=Facts)
    frameworks: Mapping[str, Facts] = field(default_factory=dict)

    def facts(self, framework: str | None) -> Facts:
        """Return what is known of the framework's projects, what is true of all included."""
        return self.frameworks.get(framework or "", self.common)


def load(root: Path, *, fallback: Path | None = None) -> Manifest:
    """Return the manifest of the template at `root`.

    A template without one has that of the template at `fallback`, else an empty one. Raises
    `ScaffoldError` when the manifest is damaged or needs a newer scaffold.
    """
    for folder in (root, *([fallback] if fallback else [])):
        if (folder / FILE).is_file():
            return _manifest(_parsed(folder / FILE))
    return Manifest()


def _parsed(path: Path) -> Node:
    try:
        data = yaml.load(path.read_bytes(), SAFE_LOADER)  # noqa: S506
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise Node(FILE, None).damaged("valid YAML") from error
    return Node(FILE, data)


def _manifest(node: Node) -> Manifest:
    if node["format"].number() > FORMAT:
        raise TooNewError("This template was made for a newer scaffold.")
    least = node["min_scaffold"].text()
    if least and _version(node["min_scaffold"], least) > _version(node, __version__):
        raise TooNewError(f"This template needs scaffold {least} or newer; this is {__version__}.")
    common, names = node["common"], node["project_names"]
    return Manifest(
        presets={name: dict(preset.entries()) for name, preset in node["presets"].children()},
        exclusions=tuple(
            Exclusion(e["choice"].text(), e["excludes"].text(), e["reason"].text())
            for e in node["exclusions"].items()
        ),
        data_changes=tuple(_data_change(change) for change in node["data_changes"].items()),
        project_names=ProjectNames(
            frozenset(names["reserved"].texts()), frozenset(names["distributions"].texts())
        ),
        common=facts_of(common),
        frameworks={
            name: facts_of(own.laid_over(common)) for name, own in node["frameworks"].children()
        },
    )


def _data_change(node: Node) -> DataChange:
    return DataChange(
        node["question"].text(),
        node["before"].text(),
        node["after"].text(),
        node["says"].text(),
        asks=node["asks"].flag(default=True),
        asks_owner=node["asks_owner"].text(),
        creates=node["creates"].text(),
        drops=node["drops"].text(),
        frameworks=node["frameworks"].texts(),
        steps=node["steps"].texts(),
        says_of_unique=node["says_of_unique"].text(),
        sets=node["sets"].entries(),
        apart_from=node["apart_from"].texts(),
    )


def _version(node: Node, text: str) -> tuple[int, ...]:
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    if match is None:
        raise node.damaged("a version such as 1.2.0")
    return tuple(int(part) for part in match.groups())
