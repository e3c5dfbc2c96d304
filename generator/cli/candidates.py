"""The words that shells complete: what the template asks, and what the current project has."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import Path

from generator.errors import ScaffoldError
from generator.project.project import find_project
from generator.project.record import Project
from generator.questions import completing, user
from generator.questions import features as featuring
from generator.questions.catalog import Catalog, Question
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import Resource
from generator.render.backend import backend_of
from generator.versions import store
from generator.versions.bundle import version_key
from generator.versions.locate import template_root


def values(question: str) -> list[str]:
    """Return the choices of a question."""
    return _catalog().questions[question].values


def presets() -> list[str]:
    """Return the names of the presets, with the user's own where their file can be read."""
    catalog = _catalog()
    try:
        own = user.load(user.settings_file(), catalog).presets
    except ScaffoldError:
        own = {}
    return list({**catalog.manifest.presets, **own})


def features(*, wanted: bool) -> list[str]:
    """Return the features that can be added to the current project, or removed unless `wanted`.

    Outside of a project, nothing is known to be on: all can be added, and none removed.
    """
    project = _project()
    answers = project.answers if project else {}
    return featuring.possible(_catalog().questions, answers, wanted=wanted)


def pairs(fixed: Container[str]) -> list[str]:
    """Return KEY=VALUE for each value of a key that has few, KEY= for others, none for `fixed`."""
    questions = [q for q in _catalog().questions.values() if q.asked and q.name not in fixed]
    return [f"{question.name}={value}" for question in questions for value in _of(question)]


def resources() -> dict[str, list[str]]:
    """Return the resources of the current project, and the names of each one's fields."""
    return {one.name: [field.name for field in one.fields] for one in _resources()}


def endpoints() -> dict[str, list[str]]:
    """Return the names of the endpoints of each resource of the current project."""
    return {one.name: [endpoint.name for endpoint in one.endpoints] for one in _resources()}


def resource(text: str, earlier: Sequence[str]) -> list[str]:
    """Return how a text for --resource can go on at its last word, after texts given `earlier`."""
    name, *fields = text.split(" ")
    if not fields:
        return new_name(name)
    before = [_name(other) for other in earlier]
    targets = [*before, f"{_name(name)}:optional"]
    found = completing.endpoints(fields[-1]) or _fields(fields[-1], targets)
    return [" ".join([name, *fields[:-1], field]) for field in found]


def new_name(text: str) -> list[str]:
    """Return how the name of a new resource can go on after a colon."""
    return completing.options(text) if ":" in text else []


def new_fields(text: str, name: str) -> list[str]:
    """Return how a new field of the resource `name` of the current project can go on."""
    others = [other for other in resources() if other != _name(name)]
    return _fields(text, [*others, f"{_name(name)}:optional"])


def _fields(text: str, targets: Sequence[str]) -> list[str]:
    return completing.fields(text, ["user", *targets]) if ":" in text else []


def _name(text: str) -> str:
    return re.split("[ /:]", text)[0]


def versions() -> list[str]:
    """Return the template's versions, newest first: of a project, those that it can go to."""
    project = _project()
    known = reversed(store.at_hand())
    least = version_key(project.version) if project else ()
    return [tag for tag in known if version_key(tag) >= least]


def _of(question: Question) -> list[str]:
    return ["yes", "no"] if question.type == "bool" else question.values or [""]


def _catalog() -> Catalog:
    return backend_of(template_root()).catalog()


def _resources() -> list[Resource]:
    project = _project()
    return resources_from_answer(project.answers.get("resources", [])) if project else []


def _project() -> Project | None:
    try:
        return find_project(Path.cwd())
    except ScaffoldError:
        return None
