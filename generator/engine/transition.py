"""A change of answers that brings its migration: rows get an owner, or a field another name."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from generator.errors import OwnerNeededError, UsageError
from generator.project.migrations import Head, History, only_head
from generator.questions.emails import account_email
from generator.questions.manifest import DataChange


@dataclass(frozen=True)
class Rename:
    """The field of a resource that gets another name: `before` is its answer with the old one."""

    resource: str
    old: str
    new: str
    before: Mapping[str, Any]


@dataclass(frozen=True)
class Transition:
    """What the new migrations do, and those that they follow.

    `owner` is the account that gets the rows that exist. `folders` are where the project has its
    migrations.
    """

    heads: Mapping[str, Head]
    folders: frozenset[str]
    owner: str = ""
    rename: Rename | None = None

    def variables(self) -> dict[str, Any]:
        """Return what the template is rendered with beside the answers, for this change only."""
        heads = {name: asdict(head) for name, head in self.heads.items()}
        rename = asdict(self.rename) if self.rename else None
        return {"heads": heads, "owner": self.owner, "rename": rename}

    def migrations(self, added: Iterable[str]) -> list[str]:
        """Return those of the paths `added` that are in a history the project had before."""
        return sorted(p for p in added if str(PurePosixPath(p).parent) in self.folders)


def begin(
    change: DataChange,
    histories: Mapping[str, History],
    merge: str,
    assigned: Container[str],
    owner: str | None,
) -> Transition:
    """Return the transition that `change` asks an owner for; `merge` is a command that is advised.

    Raises `OwnerNeededError` without an `owner`, `UsageError` for one that is no email address and
    for other answers that a migration is made of, and `ScaffoldError` where no migration is the
    newest one.
    """
    if "resources" in assigned:
        what = f"{change.question} and resources cannot change at once: each has a migration."
        raise UsageError(what, "Change one, migrate, then change the other.")
    heads = _heads(histories, merge)
    if owner is None:
        raise OwnerNeededError(change.asks_owner)
    return Transition(heads, _folders(histories), owner=account_email(owner))


def rename(what: Rename, histories: Mapping[str, History], merge: str) -> Transition:
    """Return the transition that renames a field; raises as `begin` does."""
    return Transition(_heads(histories, merge), _folders(histories), rename=what)


def _heads(histories: Mapping[str, History], merge: str) -> dict[str, Head]:
    heads = {name: only_head(history, merge) for name, history in histories.items()}
    if not heads:
        what = "The project has no migration that another could follow."
        raise UsageError(what, "Restore them, or make the first one.")
    return heads


def _folders(histories: Mapping[str, History]) -> frozenset[str]:
    return frozenset(history.folder for history in histories.values())
