"""A change of answers that brings its migration: rows get an owner, or something another name."""

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
    """The field of a resource that gets another name, as the answers have it before and after."""

    resource: str
    old: str
    new: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ResourceRename:
    """The resource that gets another name, as the answers have it `before` and `after`."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


Renaming = Rename | ResourceRename


@dataclass(frozen=True)
class Transition:
    """What the new migrations do, and those that they follow.

    `owner` is the account that gets the rows that exist. `folders` are where the project has its
    migrations.
    """

    heads: Mapping[str, Head]
    folders: frozenset[str]
    owner: str = ""
    rename: Renaming | None = None

    def variables(self) -> dict[str, Any]:
        """Return what the template is rendered with beside the answers, for this change only."""
        heads = {name: asdict(head) for name, head in self.heads.items()}
        rename = asdict(self.rename) if self.rename else None
        key = "renamed_resource" if isinstance(self.rename, ResourceRename) else "rename"
        return {"heads": heads, "owner": self.owner, "rename": None, key: rename}

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
    for other in ("resources", *change.apart_from):
        if other in assigned:
            what = f"{change.question} and {other} cannot change at once: each has a migration."
            raise UsageError(what, "Change one, migrate, then change the other.")
    heads = _heads(histories, merge)
    if owner is None:
        raise OwnerNeededError(change.asks_owner)
    return Transition(heads, _folders(histories), owner=account_email(owner))


def rename(what: Renaming, histories: Mapping[str, History], merge: str) -> Transition:
    """Return the transition that renames a field or a resource; raises as `begin` does.

    A history that is called by the plural of the resource goes on under the new one.
    """
    heads, folders = _heads(histories, merge), _folders(histories)
    if isinstance(what, ResourceRename) and what.before["plural"] in heads:
        old, new = what.before["plural"], what.after["plural"]
        heads[new] = heads.pop(old)
        folders |= {str(PurePosixPath(*_exchanged(folder, old, new))) for folder in folders}
    return Transition(heads, folders, rename=what)


def _exchanged(folder: str, old: str, new: str) -> list[str]:
    return [new if part == old else part for part in PurePosixPath(folder).parts]


def _heads(histories: Mapping[str, History], merge: str) -> dict[str, Head]:
    heads = {name: only_head(history, merge) for name, history in histories.items()}
    if not heads:
        what = "The project has no migration that another could follow."
        raise UsageError(what, "Restore them, or make the first one.")
    return heads


def _folders(histories: Mapping[str, History]) -> frozenset[str]:
    return frozenset(history.folder for history in histories.values())
