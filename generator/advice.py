"""What a person should know of a change, told from what changed and from nothing else."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from generator.change import Change
from generator.tree import Tree

SETTING = re.compile(rb"(?m)^([A-Z][A-Z0-9_]*)=")
MANIFEST, SETTINGS = "pyproject.toml", ".env.example"


@dataclass(frozen=True)
class Advice:
    """What to tell beside the list of files."""

    good_to_know: list[str] = field(default_factory=list)
    please_look: list[str] = field(default_factory=list)
    you_must_do: list[str] = field(default_factory=list)
    before_you_deploy: list[str] = field(default_factory=list)


def advise(change: Change) -> Advice:
    """Return what follows from `change` for the project's owner."""
    advice = Advice(
        [*_answers(change), *_moves(change), *_deletions(change)],
        _files_to_look_at(change),
        _steps(change),
        _deployment(change),
    )
    for note in change.news:
        getattr(advice, note.show).append(note.text)
    return advice


def _answers(change: Change) -> list[str]:
    old, new = change.project.answers, change.answers
    asked = {key: value for key, value in new.items() if not key.startswith("_")}
    return [
        *(f"The template no longer asks for {key}." for key in old if key not in asked),
        *(
            f"{key} is new and is {_word(value)}; scaffold set {key}=... changes it."
            for key, value in asked.items()
            if key not in old
        ),
    ]


def _moves(change: Change) -> list[str]:
    return [
        f"{old} is now called {new}; your edits are in it."
        for new, old in change.moved.items()
        if new in change.after and change.after[new] != change.theirs[new]
    ] + [
        f"{new} was taken for {old}, which you moved."
        for new, old in change.followed.items()
        if new in change.after or new in (conflict.path for conflict in change.conflicts)
    ]


def _deletions(change: Change) -> list[str]:
    stayed = [
        f"{path} changed in the template; you deleted it, so it stays away."
        for path in change.kept_deletions
    ]
    return [*stayed, *(f"{path} is deleted with your edits (--force)." for path in change.forced)]


def _files_to_look_at(change: Change) -> list[str]:
    conflicts = [f"{conflict.path}: {conflict.reason}." for conflict in change.conflicts]
    if not change.follows_moves:
        conflicts.append("This git is older than 2.38: files that were moved were not followed.")
    marked = {conflict.path for conflict in change.conflicts}
    merged = [
        f"{path}: your edits and the template's came together."
        for path, file in change.after.items()
        if path not in marked and file != change.theirs.get(path)
    ]
    return [*conflicts, *merged]


def _steps(change: Change) -> list[str]:
    steps = []
    if any(conflict.marked for conflict in change.conflicts):
        steps.append("Edit the files with conflict marks, then: scaffold update --continue")
    elif change.conflicts:
        steps.append("Decide on the files above, then: scaffold update --continue")
    if _dependencies(change.before) != _dependencies(change.after):
        steps.append("Install what the project depends on now: uv sync")
    if _models_changed(change):
        steps.append('Make the migration: uv run poe makemigrations -m "what changes"')
    return steps


def _models_changed(change: Change) -> bool:
    """Tell whether a migration, which is never rendered anew, would be another one today."""
    return any(path in change.base and path in change.theirs for path in change.owned)


def _deployment(change: Change) -> list[str]:
    old, new = _settings(change.base), _settings(change.theirs)
    lines = []
    if new - old:
        lines.append(f"Settings that are new, see {SETTINGS}: {', '.join(sorted(new - old))}.")
    if old - new:
        lines.append(f"Settings that nothing reads any more: {', '.join(sorted(old - new))}.")
    if change.owned:
        lines.append("Bring the database up to date: uv run poe migrate")
    return lines


def _settings(tree: Tree) -> set[str]:
    file = tree.get(SETTINGS)
    return {name.decode() for name in SETTING.findall(file.content)} if file else set()


def _dependencies(tree: Tree) -> Any:
    if MANIFEST not in tree:
        return None
    try:
        data = tomllib.loads(tree[MANIFEST].content.decode())
    except ValueError:  # with conflict marks
        return None
    return data.get("project", {}).get("dependencies"), data.get("dependency-groups")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "empty"
