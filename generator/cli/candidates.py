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
from generator.questions.settings import settings_file
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
        own = user.load(settings_file(), catalog).presets
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
    is_existing = completing.is_existing(name)
    heads = [other.split(" ")[0] for other in earlier]
    before = [_name(one) for one in heads if completing.is_existing(one) or not is_existing]
    found = completing.endpoints(fields[-1]) or _fields(
        fields[-1], name, before, is_existing=is_existing
    )
    return [" ".join([name, *fields[:-1], field]) for field in found]


def new_name(text: str) -> list[str]:
    """Return how the name of a new resource can go on after a colon."""
    return completing.options(text) if ":" in text else []


def new_fields(text: str, name: str) -> list[str]:
    """Return how a new field of the resource `name` of the current project can go on."""
    known = {one.name: bool(one.table) for one in _resources()}
    is_existing = known.pop(_name(name), completing.is_existing(name))
    others = [other for other, exists in known.items() if exists or not is_existing]
    return _fields(text, name, others, is_existing=is_existing)


def access_options(given: Sequence[str]) -> list[str]:
    """Return the options of who owns, reads and writes rows, but those that are `given`."""
    return completing.access_options(given)


def _fields(text: str, name: str, others: Sequence[str], *, is_existing: bool) -> list[str]:
    if ":" not in text:
        return []
    project = _project()
    has_files = project is not None and project.answers.get("storage") == "files"
    built_in = [] if is_existing else ["user", *(["file"] if has_files else [])]
    targets = [*built_in, *others, f"{_name(name)}:optional"]
    return completing.fields(text, targets, is_existing=is_existing)


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
