"""A change of answers that gives rows an owner, and brings the migration that does it."""

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
class Transition:
    """The account that gets the rows that exist, and the migrations that the new ones follow.

    `folders` are where the project has its migrations.
    """

    owner: str
    heads: Mapping[str, Head]
    folders: frozenset[str]

    def variables(self) -> dict[str, Any]:
        """Return what the template is rendered with beside the answers, for this change only."""
        return {"owner": self.owner, "heads": {name: asdict(h) for name, h in self.heads.items()}}

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
    heads = {name: only_head(history, merge) for name, history in histories.items()}
    if not heads:
        what = "The project has no migration that another could follow."
        raise UsageError(what, "Restore them, or make the first one.")
    if owner is None:
        raise OwnerNeededError(change.asks_owner)
    folders = frozenset(history.folder for history in histories.values())
    return Transition(account_email(owner), heads, folders)
