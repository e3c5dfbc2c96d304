"""Changes of a project's resources: added, changed, renamed, dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from generator.engine.change import ChangeResult, decide, plan
from generator.engine.operations import own_project
from generator.engine.options import ChangeOptions
from generator.engine.transition import Rename, ResourceRename
from generator.errors import ScaffoldError
from generator.project.record import Project
from generator.questions import edits
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import Resource
from generator.render.backend import facts_of


def change_resources(
    start: Path,
    command: str,
    edit: Callable[[Sequence[Resource]], Sequence[Resource]],
    options: ChangeOptions,
) -> ChangeResult:
    """Give the project the resources that `edit` makes of those it has.

    Files that would go although they were edited are refused, unless `options.force`.
    """
    project = own_project(start)
    resources = edit(resources_from_answer(project.answers["resources"]))
    return _with_resources(project, command, resources, options)


def _with_resources(
    project: Project, command: str, resources: Sequence[Resource], options: ChangeOptions
) -> ChangeResult:
    assigned = {"resources": [resource.answer() for resource in resources]}
    result = plan(command, project, project.version, assigned, options)
    if edited := [conflict.path for conflict in result.conflicts if conflict.gone]:
        what = f"{', '.join(edited)} would be deleted, with edits of yours."
        raise ScaffoldError(what, "If you mean it, add --force.")
    return decide(result, options)


def rename_field(
    start: Path, resource: str, old: str, new: str, options: ChangeOptions
) -> ChangeResult:
    """Give the field `old` of a resource the name `new`, in the code and in the database."""
    project = own_project(start)
    known = resources_from_answer(project.answers["resources"])
    renamed = edits.with_renamed_field(known, resource, old, new)
    before, after = (
        next(f.answer() for one in side if one.name == resource for f in one.fields if f.name == n)
        for side, n in ((known, old), (renamed, new))
    )
    rename = Rename(resource, old, new, before, after)
    return _with_resources(project, "rename", renamed, replace(options, rename=rename))


def rename_resource(start: Path, name: str, new: str, options: ChangeOptions) -> ChangeResult:
    """Give a resource the name `new`, which is `NAME[/PLURAL]`, in the code and in the database."""
    project = own_project(start)
    known = resources_from_answer(project.answers["resources"])
    facts = facts_of(project.answers.get("framework"))
    renamed = edits.with_renamed_resource(known, name, new, keeps_label=facts.keeps_labels)
    at = [resource.name for resource in known].index(name)
    rename = ResourceRename(known[at].answer(), renamed[at].answer())
    return _with_resources(project, "rename", renamed, replace(options, rename=rename))
