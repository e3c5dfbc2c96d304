"""Cookiecutter templates that let a person choose from several templates inside."""

from __future__ import annotations

from pathlib import Path

from generator.errors import ScaffoldError
from generator.render.code import cookiecutter_json


def nested_templates(root: Path) -> dict[str, str]:
    """Return the folders of the templates inside the one at `root`, by their names.

    Raises `ScaffoldError` for a path that leaves the template.
    """
    asked = cookiecutter_json(root)
    if isinstance(new := asked.get("templates"), dict):
        found = {name: str(entry.get("path", name)) for name, entry in new.items()}
    elif isinstance(old := asked.get("template"), list):  # "Name (path)", before cookiecutter 2.5
        parts = [str(text).partition("(") for text in old]
        found = {name.strip(): path.rstrip(") ") for name, _, path in parts}
    else:
        found = {}
    for path in found.values():
        if not (root / path).resolve().is_relative_to(root.resolve()):
            raise ScaffoldError(f"The template names a folder outside of it: {path}.")
    return found
