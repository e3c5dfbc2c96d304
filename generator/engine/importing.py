"""`scaffold import`: adds the resources of other models, databases and APIs to a project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.engine import operations
from generator.engine.change import ChangeResult
from generator.engine.options import ChangeOptions
from generator.questions.facts import ReservedNames
from generator.questions.resource_answers import resources_from_answer
from generator.render.backend import backend_of
from generator.sources.fit import Found, Place, fit
from generator.sources.tables import Reading
from generator.text import joined
from generator.versions.locate import template_root


def for_project(start: Path, reading: Reading) -> Found:
    """Return the resources that are new to the project which `start` is in."""
    answers = operations.open_project(start).answers
    facts = backend_of(template_root()).catalog().manifest.facts(answers.get("framework"))
    old = resources_from_answer(answers["resources"])
    return fit(reading, Place(facts.reserved, answers.get("auth") != "none", old))


def for_any(reading: Reading) -> Found:
    """Return the resources with names that no framework refuses, for a project with accounts."""
    facts = backend_of(template_root()).catalog().manifest.frameworks.values()
    reserved = ReservedNames(
        tuple(group for one in facts for group in one.reserved.resources),
        tuple(group for one in facts for group in one.reserved.fields),
    )
    return fit(reading, Place(reserved, users=True))


def add(start: Path, found: Found, options: ChangeOptions) -> ChangeResult:
    """Give the project the resources that were found."""
    return operations.change_resources(
        start, "import", lambda old: [*old, *found.resources], options
    )


def remarked(result: ChangeResult, found: Found) -> ChangeResult:
    """Return the result with what people should know of the resources that were found."""
    told = [str(remark) for remark in found.remarks]
    if found.present:
        told.insert(
            0, f"The project has {joined(found.present)} already; nothing was changed there."
        )
    advice = replace(result.advice, please_look=[*result.advice.please_look, *told])
    return replace(result, advice=advice)


def message(found: Found) -> str:
    """Return what the migration is called."""
    names = [resource.name for resource in found.resources]
    return f"add {joined(names)}" if len(names) <= 3 else f"add {len(names)} resources"
