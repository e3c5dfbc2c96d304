"""Public templates, projects of them, and what a team edits there, from `templates.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COPIER, COOKIECUTTER = "copier", "cookiecutter"


@dataclass(frozen=True)
class Edit:
    """`lines` that a team writes into a file, after the first line with `anchor` or instead."""

    path: str
    anchor: str
    lines: str
    instead: bool = False


@dataclass(frozen=True)
class Case:
    """A template, the versions that a project of it goes through, and what its team changes.

    It is compared with the template's own tool where `scaffold new` takes the same engine.
    """

    repository: str
    engine: str
    versions: tuple[str, ...]
    answers: Mapping[str, str]
    edits: tuple[Edit, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    is_compared: bool = True


def _case(table: Mapping[str, Any]) -> Case:
    lists = {name: tuple(table[name]) for name in ("versions", "deleted")}
    edits = tuple(Edit(**edit) for edit in table["edits"])
    return Case(**{**table, **lists, "edits": edits})


def _cases(file: Path) -> tuple[Case, ...]:
    return tuple(map(_case, tomllib.loads(file.read_text(encoding="utf-8"))["cases"]))


CASES = _cases(Path(__file__).with_name("templates.toml"))
