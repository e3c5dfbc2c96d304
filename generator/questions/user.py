"""The user's own defaults and presets for `scaffold new`, from a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions.catalog import Catalog
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.questions.rules import check_resources
from generator.questions.settings import IGNORE, TRUST, parsed, shown
from generator.questions.typed import typed_value


@dataclass(frozen=True)
class UserSettings:
    """Answers by question, and presets by name; `path` is None where nothing is set."""

    path: Path | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


NO_SETTINGS = UserSettings()


def load(path: Path, catalog: Catalog) -> UserSettings:
    """Return the settings in the file at `path`, checked against `catalog`.

    Raises `UsageError` that names the file, the key and the cure.
    """
    data = parsed(path)
    try:
        _check_names("key", data, ["defaults", "presets", TRUST])
        presets = _table(data, "presets", "[presets.NAME]")
        return UserSettings(
            path if data else None,
            _answers(catalog, _table(data, "defaults", "[defaults]"), "defaults"),
            {
                name: _answers(
                    catalog, _table(presets, name, f"[presets.{name}]"), f"presets.{name}"
                )
                for name in presets
            },
        )
    except UsageError as error:
        raise UsageError(f"{shown(path)}: {error.message}", f"{error.hint} {IGNORE}") from error


def _table(data: Mapping[str, Any], name: str, heading: str) -> dict[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise UsageError(f"{name} is not a table.", f"Write its keys below {heading}.")
    return value


def _check_names(kind: str, found: Mapping[str, Any], known: list[str]) -> None:
    for name in found:
        if name not in known:
            raise UsageError(f"there is no {kind} {name!r}.", did_you_mean(name, known))


def _answers(catalog: Catalog, table: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = [q.name for q in catalog.questions.values() if q.asked and q.name != "project_name"]
    try:
        _check_names("key", table, known)
        answers = {key: typed_value(catalog.questions[key], table[key]) for key in table}
        if "resources" in answers:
            answers["resources"] = _resources(catalog, answers)
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", error.hint) from error
    return answers


def _resources(catalog: Catalog, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return resources that may be written as --resource takes them, or as an answers file does."""
    entries = answers["resources"]
    if isinstance(entries, list):
        entries = [parse_resource(e).answer() if isinstance(e, str) else e for e in entries]
    resources = resources_from_answer(entries)
    reserved = catalog.manifest.facts(answers.get("framework")).reserved
    users, files = answers.get("auth") != "none", answers.get("storage") == "files"
    check_resources(resources, reserved=reserved, users=users, files=files)
    return [resource.answer() for resource in resources]
