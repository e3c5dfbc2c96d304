"""What a person should know of a change, told from what changed and from nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator.engine import imports, monorepo
from generator.engine.planned import Change
from generator.merge.three_way import Conflict
from generator.text import read_settings, shown
from generator.tree import Tree

if TYPE_CHECKING:
    from generator.engine.migration import Made
    from generator.engine.reunite import Reunion

OLD_GIT = "This git is older than 2.38: files that were moved were not followed."
MANIFEST, SETTINGS = "pyproject.toml", ".env.example"


@dataclass(frozen=True)
class Advice:
    """What to tell beside the list of files, in the order in which it is told.

    `merged` are the files in which edits of both sides came together.
    """

    you_must_do: list[str] = field(default_factory=list)
    please_look: list[str] = field(default_factory=list)
    before_you_deploy: list[str] = field(default_factory=list)
    good_to_know: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def advise(change: Change, made: Made | None = None) -> Advice:
    """Return what the project's owner has to know and do once the conflicts are resolved.

    `made` is the migration of the change, where one was to be made at once.
    """
    failed = [f"The migration was not made: {made.failure}"] if made and made.failure else []
    advice = Advice(
        you_must_do=[*_steps(change, made), *monorepo.steps_after(change)],
        please_look=[*failed, *_files_to_look_at(change)],
        before_you_deploy=_deployment(change),
        good_to_know=[
            *_answers(change),
            *_moves(change),
            *_deletions(change),
            *_skipped(change),
        ],
        merged=_merged(change),
    )
    for note in change.news:
        getattr(advice, note.show).append(note.text)
    return advice


def of_branches(advice: Advice, found: Reunion) -> Advice:
    """Return `advice` with what a merge of two branches leaves to a person."""
    clashes = [
        f"{clash.key}: both branches changed it; this one's answer, {shown(clash.ours)}, was kept, "
        f"and {shown(clash.theirs)} of the other was not."
        for clash in found.clashes
    ]
    steps = [f"Resolve git's conflicts in {', '.join(found.open)}."] if found.open else []
    commit = ["Commit the merge: git add --all && git commit"] if found.is_under_way else []
    return replace(
        advice,
        you_must_do=[*steps, *advice.you_must_do, *commit],
        please_look=[*clashes, *advice.please_look],
    )


def with_conflicts(advice: Advice, conflicts: Sequence[Conflict]) -> Advice:
    """Return `advice`, and before the rest of it what to do about `conflicts`."""
    if not conflicts:
        return advice
    first = "Decide on the files above"
    if any(conflict.marked for conflict in conflicts):
        first = "Edit the files with conflict markers, or scaffold resolve them"
    elif all(conflict.gone for conflict in conflicts):
        first = "Keep or delete the files above"
    return replace(
        advice,
        please_look=[*(f"{c.path}: {c.reason}." for c in conflicts), *advice.please_look],
        you_must_do=[f"{first}, then: scaffold update --continue", *advice.you_must_do],
    )


def _answers(change: Change) -> list[str]:
    if change.version == change.project.version:
        return []
    old, new = change.project.answers, change.answers
    asked = {key: value for key, value in new.items() if not key.startswith("_")}
    return [
        *(f"The template no longer asks for {key}." for key in old if key not in asked),
        *(
            f"{key} is new and is {shown(value) or 'empty'}; scaffold set {key}=... changes it."
            for key, value in asked.items()
            if key not in old
        ),
    ]


def _moves(change: Change) -> list[str]:
    return (
        [
            f"{old} is now called {new}; your edits are in it."
            for new, old in change.moved.items()
            if new in change.after and change.after[new] != change.theirs[new]
        ]
        + [
            f"{old} is now called {new}; your edits are in it."
            for new, old in change.relocated.items()
            if old in change.base and change.before.get(old) != change.base[old]
        ]
        + [
            f"{new} was taken for {old}, which you moved."
            for new, old in change.followed.items()
            if new in change.after or new in (conflict.path for conflict in change.conflicts)
        ]
    )


def _deletions(change: Change) -> list[str]:
    stayed = [
        f"{path} changed in the template; you deleted it, so it stays deleted."
        for path in change.kept_deletions
        if path not in change.moved
    ]
    return [*stayed, *(f"{path} was deleted with your edits (--force)." for path in change.forced)]


def _skipped(change: Change) -> list[str]:
    kept = [path for path in change.skipped if path in change.base]
    new = [path for path in change.skipped if path not in change.base]
    lines = []
    if kept:
        lines.append(f"Changed in the template, and left alone as skipped: {', '.join(kept)}.")
    if new:
        lines.append(f"New in the template, and not added as skipped: {', '.join(new)}.")
    return lines


def _files_to_look_at(change: Change) -> list[str]:
    git = [] if change.follows_moves else [OLD_GIT]
    away = [
        f"{path} is not added: it was {change.moved[path]}, which you deleted."
        for path in change.kept_deletions
        if path in change.moved
    ]
    doubtful = [
        f"{new} may be {old}, but is too unlike it: what changed in {old} is not in it."
        for new, old in change.doubtful.items()
        if old in change.kept_deletions
    ]
    old, new = _settings(change.base), _settings(change.theirs)
    values = [
        f"{name} has a new default in {SETTINGS}; your .env keeps the old value."
        for name, value in new.items()
        if old.get(name, value) != value
    ]
    return [*git, *away, *doubtful, *_imports(change), *values]


def _imports(change: Change) -> list[str]:
    return [*imports.of_moved_modules(change), *imports.of_lost_modules(change)]


def _merged(change: Change) -> list[str]:
    marked = {conflict.path for conflict in change.conflicts}
    return [
        path
        for path, file in change.after.items()
        if path not in marked and file != change.theirs.get(path)
    ]


def _steps(change: Change, made: Made | None) -> list[str]:
    steps, commands = [], change.facts.commands
    if commands.install and _dependencies(change.before) != _dependencies(change.after):
        steps.append(f"Install the changed dependencies: {commands.install}")
    if brought := list(made.files) if made else _brought(change):
        steps.append(f"Review the migration, which is yours from now on: {', '.join(brought)}")
    if made and made.command:
        install = [] if made.failure else [f"Install the dependencies: {commands.install}"]
        steps += [*install, f"Make the migration: {made.command}"]
    if brought:
        steps.append(f"Migrate the database: {commands.migrate}")
    elif not made and commands.make_migration and _models_changed(change):
        steps.append(f"Make the migration: {commands.make_migration}")
    return [*steps, *change.data.steps]


def _brought(change: Change) -> list[str]:
    """Return the migrations that came with the change."""
    new = change.files.keys() - change.relocated.keys()
    added = [path for path in new if change.files[path] == "added"]
    return change.data.transition.migrations(added) if change.data.transition else []


def _models_changed(change: Change) -> bool:
    """Tell whether a migration, which is never rendered anew, would be another one today."""
    return any(path in change.base and path in change.theirs for path in change.owned)


def _deployment(change: Change) -> list[str]:
    old, new = _settings(change.base), _settings(change.theirs)
    lines = [*change.data.losses, *change.data.notices]
    if added := sorted(new.keys() - old.keys()):
        lines.append(f"New settings (see {SETTINGS}): {', '.join(added)}.")
    if gone := sorted(old.keys() - new.keys()):
        lines.append(f"Settings that are no longer used: {', '.join(gone)}.")
    if change.owned and change.facts.commands.migrate:
        lines.append(f"Migrate the database: {change.facts.commands.migrate}")
    return lines


def _settings(tree: Tree) -> dict[str, str]:
    file = tree.get(SETTINGS)
    return read_settings(file.content.decode()) if file else {}


def _dependencies(tree: Tree) -> Any:
    if MANIFEST not in tree:
        return None
    try:
        data = tomllib.loads(tree[MANIFEST].content.decode())
    except ValueError:  # with conflict marks
        return None
    return data.get("project", {}).get("dependencies"), data.get("dependency-groups")
