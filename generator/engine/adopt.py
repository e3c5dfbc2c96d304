"""`scaffold adopt`: gives a project the record of its template version and answers back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine import pending
from generator.engine.advice import Advice
from generator.engine.drift import Drift, compare, measure
from generator.engine.models import read_resources
from generator.engine.nearest import Clues, Nearest, find_nearest
from generator.errors import ScaffoldError, UsageError
from generator.project.old_records import old_records
from generator.project.record import ANSWERS_FILE, BrokenRecordError, Project, read_record
from generator.questions.facts import ProjectNames
from generator.questions.names import suggested_name
from generator.render.backend import backend_of
from generator.sources.fit import Found
from generator.sources.tables import Remark
from generator.text import counted
from generator.transaction import apply as transaction
from generator.tree import File, read_file
from generator.versions import store
from generator.versions.locate import template_root

UNCHANGED, PLANNED, DONE = "unchanged", "planned", "done"
LEAST_ALIKE = 1 / 3  # of the template's files, in a project that it may have made


@dataclass(frozen=True)
class Adoption:
    """What was found for a project: the nearest render, and how the project differs from it.

    The `state` is "planned" until the record is written, "done" after that, and "unchanged" where
    the project has just this record already. `before` is its answers file so far. Answers that are
    `assumed` are the template's defaults, as the project's files do not say them. Where the
    resources were read from the project's models, `remarks` tell what was not, else they are None.
    """

    nearest: Nearest
    drift: Drift
    state: str
    before: File | None
    assumed: Sequence[str]
    remarks: Sequence[Remark] | None = None

    @property
    def project(self) -> Project:
        """The project as it is recorded."""
        return self.drift.project


def find(
    root: Path, given: Mapping[str, Any], *, again: bool, tell: Callable[[str], None]
) -> Adoption:
    """Find the version and the answers that the project at `root` was most likely made with.

    Answers that are `given` stand. With `again`, a record that the project has does not count.
    `tell` is called with each version before it is searched. Nothing is written. Raises
    `UsageError` where the project has a good record or no render is like it, else `ScaffoldError`.
    """
    pending.check_none(root)
    if not again:
        _check_lost(root)
    before = read_file(root / ANSWERS_FILE)
    name = suggested_name(root.name, ProjectNames()) or "project"
    found = Found((), ())
    if "resources" not in given:
        found = read_resources(root, backend_of(template_root()).catalog().manifest)
    clues = Clues(given, old_records(root), name, found.resources)
    nearest = find_nearest(root, clues, tell)
    project = Project(root, nearest.best.version, nearest.best.answers)
    template = nearest.template
    facts = template.catalog.manifest.facts(project.answers.get("framework"))
    drift = compare(project, nearest.render, template.written_once, facts.formatter)
    check_alike(drift)
    is_known = before == nearest.render[ANSWERS_FILE]
    state = UNCHANGED if is_known else PLANNED
    assumed = _assumed(nearest, clues) if drift.exists else []
    remarks = found.remarks if _is_read(nearest, clues) else None
    return Adoption(nearest, drift, state, before, assumed, remarks)


def record(adoption: Adoption) -> Adoption:
    """Write the answers file that was found, and nothing else; raises `ScaffoldError`."""
    if adoption.state != PLANNED:
        return adoption
    about = {"command": "adopt", "conflicts": [], "advice": asdict(Advice())}
    before = {ANSWERS_FILE: adoption.before} if adoption.before else {}
    after = {ANSWERS_FILE: adoption.nearest.render[ANSWERS_FILE]}
    transaction.apply(adoption.project.root, before, after, about, unresolved=False)
    return replace(adoption, state=DONE)


def _check_lost(root: Path) -> None:
    """Refuse a project whose record can be used, or is another template's."""
    file = read_file(root / ANSWERS_FILE)
    if file is None:
        return
    try:
        project = read_record(file.content, root)
    except BrokenRecordError:
        return
    store.check_known(project.version, store.versions())
    try:
        measure(project)
    except ScaffoldError:
        return
    what = f"The project already has a record, {ANSWERS_FILE}: template {project.version}."
    cure = "See scaffold status. Where it is another project's, add --again."
    raise UsageError(what, cure)


def _is_read(nearest: Nearest, clues: Clues) -> bool:
    """Tell whether the resources are those of the models, and of no record."""
    answer = nearest.best.answers.get("resources")
    if any(old.get("resources") == answer for old in clues.recorded):
        return False
    read = {resource.name for resource in clues.resources}
    return bool(read) and {entry["name"] for entry in answer or ()} <= read


def _assumed(nearest: Nearest, clues: Clues) -> list[str]:
    """Return the questions whose answers can only be given or recorded, and are neither."""
    known = [clues.given, *clues.recorded]
    if _is_read(nearest, clues):
        known.append({"resources": nearest.best.answers["resources"]})
    return [
        name
        for name, question in nearest.template.catalog.questions.items()
        if question.type == "yaml"
        and not any(answers.get(name) == nearest.best.answers[name] for answers in known)
    ]


def check_alike(drift: Drift) -> None:
    """Refuse a project that has too little of what the template made."""
    edited = [path for path in drift.edited if _is_half_alike(drift, path)]
    alike = drift.pristine + len(drift.moved) + len(edited)
    files = drift.pristine + len(drift.moved) + len(drift.edited) + len(drift.deleted)
    if alike < LEAST_ALIKE * files:
        here = f"of the {counted(files, 'file')} of the nearest one, {alike} are here and alike"
        what = f"This does not look like a project of the template: {here}."
        raise UsageError(what, "Go into the project's folder, or give what you know by --set.")


def _is_half_alike(drift: Drift, path: str) -> bool:
    _, fewer = drift.lines(path)
    return 2 * fewer <= len(drift.base[path].content.splitlines())
