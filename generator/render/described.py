"""The questions of somebody else's template, as `scaffold schema --template` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.render.code import cookiecutter_json, settings_of
from generator.versions.engines import COOKIECUTTER


@dataclass(frozen=True)
class Asked:
    """A question as the template has it: the texts may be Jinja, which earlier answers fill in."""

    name: str
    type: str
    help: str = ""
    default: Any = None
    choices: Any = None
    multiselect: bool = False
    secret: bool = False
    when: Any = True
    validator: str = ""
    asked: bool = True


def questions_of(engine: str, root: Path) -> list[Asked]:
    """Return the questions of the template in the folder `root`; raises `ScaffoldError`."""
    if engine == COOKIECUTTER:
        asked = cookiecutter_json(root)
        prompts = asked.get("__prompts__", {})
        return [
            _of_cookiecutter(name, value, prompts.get(name, ""))
            for name, value in asked.items()
            if not name.startswith("_")
        ]
    return [
        _of_copier(name, entry if isinstance(entry, dict) else {"default": entry})
        for name, entry in settings_of(root).items()
        if not name.startswith("_")
    ]


def _of_cookiecutter(name: str, value: Any, prompt: Any) -> Asked:
    words = prompt.get("__prompt__", "") if isinstance(prompt, dict) else str(prompt)
    if isinstance(value, list):
        return Asked(name, "str", words, value[0] if value else None, value)
    kind = {bool: "bool", dict: "json"}.get(type(value), "str")
    return Asked(name, kind, words, value)


def _of_copier(name: str, entry: Mapping[str, Any]) -> Asked:
    default = entry.get("default")
    kinds = {bool: "bool", int: "int", float: "float", str: "str"}
    return Asked(
        name,
        entry.get("type") or kinds.get(type(default), "yaml"),
        entry.get("help", ""),
        default,
        entry.get("choices"),
        bool(entry.get("multiselect")),
        bool(entry.get("secret")),
        entry.get("when", True),
        entry.get("validator", ""),
        entry.get("ask", True) is not False,
    )
