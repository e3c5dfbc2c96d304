"""The migrations of a copier template: commands that its author has updates run in projects.

Those that come before an update are run in a copy of the project, so that a change is still one
application at the end: all of it or nothing. Those that come after it run in the project.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from generator import git
from generator.engine.opened import Opened, repository
from generator.engine.planned import Change
from generator.errors import ScaffoldError
from generator.project import external_record
from generator.project.project import files_of
from generator.project.record import Project
from generator.render import process
from generator.render.code import code_of, settings_of
from generator.render.request import AFTER, MIGRATIONS_AFTER, MIGRATIONS_BEFORE
from generator.tree import Tree, read_tree
from generator.versions.engines import COPIER


@dataclass(frozen=True)
class Migrated:
    """The project's files before the migrations, and after them in a copy of the project.

    The `project` has the answers that the migrations left in its record.
    """

    before: Tree
    after: Tree
    project: Project


def before(project: Project, old: Opened, new: Opened, folder: Path) -> Migrated | None:
    """Run what comes before an update in a copy of the project; None where nothing does."""
    if new.engine != COPIER or old.commit == new.commit:
        return None
    if not settings_of(new.root).get("_migrations"):
        return None
    copy = Path(tempfile.mkdtemp(dir=folder)) / project.root.name
    files = read_tree(project.root, files_of(project.root))
    for path in files:
        place = copy / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project.root / path, place, follow_symlinks=False)
    git.run_git(copy, "init", "--quiet", "--template=")
    git.commit_all(copy, "Before the migrations")
    # The copy is the project for them, so that they change nothing else.
    asked = new.update_request(replace(project, root=copy), copy)
    process.run(replace(asked, steps=(MIGRATIONS_BEFORE,)))
    answers = external_record.read(copy, project.record).answers
    migrated = replace(project, answers=answers)
    return Migrated(files, read_tree(copy, files_of(copy)), migrated)


def joined(change: Change, migrated: Migrated) -> Change:
    """Return `change`, which was planned on the migrated copy, as one of the project itself."""
    final = {p: file for p, file in migrated.after.items() if p not in change.before}
    final |= change.after
    return replace(
        change,
        before={p: file for p, file in migrated.before.items() if final.get(p) != file},
        after={p: file for p, file in final.items() if migrated.before.get(p) != file},
    )


def left(change: Change) -> list[str]:
    """Return what a person runs when the conflicts of `change` are resolved."""
    with _code_after(change) as found:
        return [f"When the conflicts are resolved, run {w}." for w in found[1]] if found else []


def after(change: Change) -> list[str]:
    """Run what comes after an update, in the project; return what a person has to do instead."""
    with _code_after(change) as found:
        if not found or not found[1]:
            return []
        made = replace(change.project, answers=change.answers)
        asked = found[0].update_request(made, made.root)
        try:
            process.run(replace(asked, steps=(AFTER, MIGRATIONS_AFTER)), shown=True)
        except ScaffoldError as error:
            return [f"{error.message} Run it again yourself."]
    return []


@contextmanager
def _code_after(change: Change) -> Iterator[tuple[Opened, tuple[str, ...]] | None]:
    """Yield the template and its tasks and migrations; None where none are to run."""
    project = change.project
    if not change.runs_code or project.external is None or project.external.engine != COPIER:
        yield None
        return
    found = repository(project)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        new = found.open(change.commit, Path(folder))
        migrates = change.version != project.version
        yield new, code_of(new.engine, new.root, migrates=migrates).optional
