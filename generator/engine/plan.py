"""A project's next state: the same edits on another template version, or on other answers."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from generator.engine import data_changes, monorepo
from generator.engine.planned import Change, Wanted, between
from generator.engine.relocation import relocation
from generator.engine.transition import Renaming, ResourceRename
from generator.engine.trees import read_project, rendered
from generator.errors import UsageError
from generator.project.project import check_sealed
from generator.project.record import ANSWERS_FILE, Project
from generator.questions import answers
from generator.render.backend import backend_of
from generator.tree import Tree, matching
from generator.versions import notes, store
from generator.versions.locate import template_root


def plan(
    project: Project,
    version: str,
    assigned: Mapping[str, Any] | None = None,
    *,
    force: bool = False,
    owner: str | None = None,
    rename: Renaming | None = None,
) -> Change:
    """Return the change of `project` to `version` and to the answers `assigned`.

    Nothing is written. With `force`, files that the template has no longer go although they were
    edited. `owner` is the email address of the account that gets rows that had no owner. `rename`
    is what has another name in the assigned resources. Raises `ScaffoldError`.
    """
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        old = store.fetch(project.version, Path(folder))
        new = old if version == project.version else store.fetch(version, Path(folder))
        template = backend_of(new.root)
        catalog = template.catalog()
        recorded = catalog if new is old else backend_of(old.root).catalog()
        answers.check_recorded(recorded.questions, project.answers)
        _check_age(catalog.questions, assigned or {}, version)
        answered = answers.change(catalog, project.answers, assigned or {})
        given = assigned or {}
        answered |= monorepo.placed(project.root, catalog, recorded, answered, given)
        data = data_changes.effects(project, answered, catalog.manifest, given, owner, rename)
        base = rendered(project.answers, old, project.version)
        check_sealed(project, base[ANSWERS_FILE])
        answered |= data.answers
        theirs = rendered(answered, new, version, data.variables())
        news = notes.load(new.root, since=project.version, until=version)
        once, recorded_answers = template.written_once(), answers_in(theirs)
        facts = catalog.manifest.facts(project.answers.get("framework"))
        wanted = Wanted(version, theirs, once, news, facts, data, recorded_answers)
    ours = read_project(project.root, base, theirs)
    moves = None
    if isinstance(rename, ResourceRename):
        moves = relocation(rename, project.answers["resources"], base, theirs)
        ours |= moves.followers(project.root, ours)
    added = matching(wanted.written_once, theirs.keys() - base.keys() - ours.keys())
    needs_migration = moves is None or moves.folders
    if data.transition and needs_migration and not data.transition.migrations(added):
        what = f"Template {version} has no migration for this change yet."
        raise UsageError(what, "First: scaffold update")
    return between(project, base, ours, wanted, force=force, moves=moves)


def _check_age(questions: Container[str], assigned: Iterable[str], version: str) -> None:
    """Refuse answers to questions that only a newer version than the project's asks."""
    unknown = [key for key in assigned if key not in questions]
    if unknown and unknown[0] in backend_of(template_root()).catalog().questions:
        what = f"Template {version} has no {unknown[0]} yet."
        raise UsageError(what, "First: scaffold update")


def answers_in(render: Tree) -> dict[str, Any]:
    """Return what the answers file of a render of ours has."""
    data: dict[str, Any] = yaml.safe_load(render[ANSWERS_FILE].content)
    return data
