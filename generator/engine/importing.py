"""`scaffold import`: adds the resources of other models, databases and APIs to a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generator.engine import operations, resource_changes
from generator.engine.change import ChangeResult
from generator.engine.options import ChangeOptions
from generator.errors import UsageError
from generator.questions.facts import Facts, ReservedNames
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import Resource
from generator.render.backend import backend_of
from generator.sources.fit import Found, Place, fit
from generator.sources.tables import Reading
from generator.text import joined
from generator.versions.locate import template_root


def for_project(start: Path, reading: Reading, *, existing: bool) -> Found:
    """Return the resources that are new to the project which `start` is in.

    With `existing`, the project is to serve the rows from where they are. Raises `UsageError` where
    it would have tables of the same names itself.
    """
    answers = operations.open_project(start).answers
    facts = backend_of(template_root()).catalog().manifest.facts(answers.get("framework"))
    old = resources_from_answer(answers["resources"])
    users = answers.get("auth") != "none"
    if existing and not any(one.table for one in old):  # else the database has them by right
        _check_tables(reading, facts, old, users=users)
    return fit(reading, Place(facts.reserved.given(answers), users, old, existing))


def _check_tables(
    reading: Reading, facts: Facts, resources: Sequence[Resource], *, users: bool
) -> None:
    own = {*facts.tables, *(facts.account_tables if users else ())}
    for one in resources:
        own |= set() if one.table else {one.plural, f"{one.label or one.plural}_{one.name}"}
    if taken := sorted(own & set(reading.names)):
        what = f"The database has {joined(taken)}, which the project would make itself."
        cure = "Rename it" if len(taken) == 1 else "Rename them"
        if users and set(taken) & set(facts.account_tables):
            cure += ", or make the project with --auth none"
        raise UsageError(what, f"{cure}.")


def for_any(reading: Reading, *, existing: bool) -> Found:
    """Return the resources with names that no framework refuses, for a project with accounts."""
    facts = backend_of(template_root()).catalog().manifest.frameworks.values()
    reserved = ReservedNames(
        tuple(group for one in facts for group in one.reserved.resources),
        tuple(group for one in facts for group in one.reserved.fields),
        tuple(group for one in facts for group in one.reserved.endpoints),
    )
    return fit(reading, Place(reserved, users=True, existing=existing))


def add(start: Path, found: Found, options: ChangeOptions) -> ChangeResult:
    """Give the project the resources that were found."""
    return resource_changes.change_resources(
        start, "import", lambda old: [*old, *found.resources], options
    )


def shared(result: ChangeResult, url: str) -> ChangeResult:
    """Return the result with what the owner does so that the project serves the rows at `url`."""
    if result.change is None:
        return result
    place = "the database" if "@" in url else url  # one with a user may have a password in it
    steps = [f"Let DATABASE_URL in .env name {place}."]
    steps.append(f"Then run: {result.change.facts.commands.migrate}")
    return replace(result, advice=replace(result.advice, you_must_do=steps))


def remarked(result: ChangeResult, found: Found) -> ChangeResult:
    """Return the result with what people should know of the resources that were found."""
    told = [str(remark) for remark in found.remarks]
    if found.present:
        told.insert(
            0, f"The project has {joined(found.present)} already; nothing was changed there."
        )
    news = result.advice.good_to_know
    if result.change and found.resources and result.change.answers.get("auth") != "none":
        news = [*news, f"Access is not imported: {_access(found.resources[0])}"]
    look = [*result.advice.please_look, *told]
    advice = replace(result.advice, please_look=look, good_to_know=news)
    return replace(result, advice=advice)


def _access(resource: Resource) -> str:
    """Return who reads and writes the rows of what was imported, and how that is changed."""
    is_owned = resource.access.owner != "none"
    who = "rows are their owners' own" if is_owned else "users read rows, administrators write them"
    return f"{who}. To change that: scaffold generate access {resource.name} read=all."


def message(found: Found) -> str:
    """Return what the migration is called."""
    names = [resource.name for resource in found.resources]
    return f"add {joined(names)}" if len(names) <= 3 else f"add {len(names)} resources"
