"""A change of a project that was made from somebody else's template."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator import git
from generator.engine import external_migrations as migrations
from generator.engine import trust as trusting
from generator.engine.effects import DataEffects
from generator.engine.opened import Opened, Repository, repository
from generator.engine.options import ChangeOptions, UpdateOptions
from generator.engine.planned import Change, Wanted, between
from generator.engine.trees import read_project
from generator.project.external_record import cruft_record
from generator.project.record import Project
from generator.questions.facts import Facts
from generator.render import asking, process
from generator.render.code import code_of
from generator.render.request import AFTER, BEFORE, FILES, Reply
from generator.tree import File, Tree, files_in, matching, read_file, read_tree
from generator.versions.engines import COOKIECUTTER

# A version, the project with the answers that it has there, and those that are assigned.
Side = tuple[Opened, Project, Mapping[str, Any]]


@dataclass(frozen=True)
class Pristine:
    """What a template version makes of a project's answers, and what it said of itself."""

    tree: dict[str, File]
    reply: Reply


def plan(
    project: Project, commit: str, assigned: Mapping[str, Any], options: ChangeOptions
) -> Change:
    """Return the change of `project` to the template's `commit` and the answers `assigned`.

    Nothing is written. Raises `TrustNeededError` for code that may not run, `UsageError` for
    answers that the template refuses, else `ScaffoldError`.
    """
    found = repository(project)
    project = replace(project, version=found.shown(found.current()))
    with ThreadPoolExecutor(1) as pool:
        folder = Path(tempfile.mkdtemp(prefix="scaffold-"))
        try:
            tree, wanted, moved = _renders(found, project, commit, assigned, options, folder)
        finally:
            # It has thousands of files; meanwhile those of the project are merged.
            pool.submit(shutil.rmtree, folder, ignore_errors=True)
        ours = moved.after if moved else read_project(project.root, tree, wanted.theirs)
        change = between(project, tree, ours, wanted, force=options.force)
    return migrations.joined(change, moved) if moved else change


def _renders(
    found: Repository,
    project: Project,
    commit: str,
    assigned: Mapping[str, Any],
    options: ChangeOptions,
    folder: Path,
) -> tuple[Tree, Wanted, migrations.Migrated | None]:
    """Return what the project was made from, what it is to become, and what migrations made."""
    old, new = found.open_both(found.current(), commit, folder)
    new = replace(new, checkout=_followed(found, options))
    hooks = _may_run([old, new], options)
    moved = migrations.before(project, old, new, folder) if hooks else None
    migrated = moved.project if moved else project
    given = dict(assigned)
    if options.ask:
        asked = replace(new.update_request(migrated, folder), given=given)
        given = asking.ask(asked, options.ask)
    base, theirs = _both((old, project, {}), (new, migrated, given), folder, hooks=hooks)
    tree = _still_in(base.tree, theirs.reply)
    tree[project.record] = (
        moved.after.get(project.record) if moved else read_file(project.root / project.record)
    ) or File(b"")
    wanted = Wanted(
        found.shown(commit),
        theirs.tree,
        list(theirs.reply.written_once),
        [],
        Facts(),
        DataEffects(),
        theirs.reply.answers,
        commit,
        hooks,
    )
    return tree, wanted, moved


def pristine(project: Project, options: ChangeOptions) -> Pristine:
    """Return what the project was made from; raises as `plan` does."""
    found = repository(project)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        opened = found.open(found.current(), Path(name))
        hooks = _may_run([opened], options)
        return rendered(opened, project, {}, Path(name), hooks=hooks, seed=_seed())


def _followed(found: Repository, options: ChangeOptions) -> str:
    """Return what the project follows from now on: what was asked for, or the branch it had."""
    if isinstance(options, UpdateOptions) and options.to:
        return options.to
    before = found.external.checkout
    return before if found.mirror.is_branch(before) else ""


def _both(old: Side, new: Side, folder: Path, *, hooks: bool) -> tuple[Pristine, Pristine]:
    """Render both versions side by side, with equal random numbers."""
    seed = _seed()
    if old == new:
        made = rendered(*old, folder, hooks=hooks, seed=seed)
        return made, made
    with (
        _rendering(*old, folder, hooks=hooks, seed=seed) as first,
        _rendering(*new, folder, hooks=hooks, seed=seed) as second,
    ):
        return first(), second()


def rendered(
    opened: Opened,
    project: Project,
    given: Mapping[str, Any],
    folder: Path,
    *,
    hooks: bool,
    seed: str,
) -> Pristine:
    """Return what `opened` makes of the project's answers and those `given`."""
    with _rendering(opened, project, given, folder, hooks=hooks, seed=seed) as result:
        return result()


@contextmanager
def _rendering(
    opened: Opened,
    project: Project,
    given: Mapping[str, Any],
    folder: Path,
    *,
    hooks: bool,
    seed: str,
) -> Iterator[Callable[[], Pristine]]:
    """Begin to render, and yield what waits for the result."""
    out = Path(tempfile.mkdtemp(dir=folder)) / project.root.name
    out.mkdir()
    steps = (BEFORE, FILES, AFTER) if hooks else (FILES,)
    asked = replace(opened.update_request(project, out), given=given, steps=steps)
    with process.start(asked, seed=seed) as child:
        yield lambda: _pristine(opened, project, child.reply(), out, hooks=hooks)


def _pristine(
    opened: Opened, project: Project, reply: Reply, out: Path, *, hooks: bool
) -> Pristine:
    tree = read_tree(out, _files(out, reply.rendered, hooks=hooks))
    if opened.engine == COOKIECUTTER:
        content = project.external.content if project.external else {}
        tree[project.record] = cruft_record(
            content,
            source=opened.source,
            commit=opened.commit,
            checkout=opened.checkout,
            directory=opened.directory,
            context=reply.context,
        )
    return Pristine(tree, reply)


def _may_run(versions: list[Opened], options: ChangeOptions) -> bool:
    """Tell whether there are hooks and tasks that run; raises `TrustNeededError`."""
    migrates = len(versions) > 1
    code = [code_of(one.engine, one.root, migrates=migrates) for one in versions]
    trusting.check(versions[-1].source, code, hooks=options.hooks, trust=options.trust)
    return options.hooks and any(one.optional for one in code)


def _files(out: Path, rendered: Collection[str], *, hooks: bool) -> list[str]:
    """Return the files of a render; what hooks have installed is left out by its .gitignore."""
    shutil.rmtree(out / ".git", ignore_errors=True)
    found = files_in(out)
    if not hooks:
        return found
    git.run_git(out, "init", "--quiet", "--template=")
    listed = git.read(out, "ls-files", "-z", "--others", "--exclude-standard")
    shutil.rmtree(out / ".git", ignore_errors=True)
    kept = {os.fsdecode(name) for name in listed.split(b"\0")} | set(rendered)
    return [path for path in found if path in kept]


def _still_in(base: Tree, new: Reply) -> dict[str, File]:
    """Return `base` without what the new version leaves out for good: that is not deleted."""
    excluded = matching(new.excluded, base)
    return {path: file for path, file in base.items() if path not in excluded}


def _seed() -> str:
    return secrets.token_hex(8)
