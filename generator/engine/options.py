"""How a change of a project is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.engine.transition import Renaming
    from generator.questions.prompt import Ask


@dataclass(frozen=True)
class ChangeOptions:
    """How a change is made.

    With `dry_run` it is only planned. With `force`, files that the template no longer has are
    deleted although they were edited. With `overwrite`, files change whose edits are in no commit.
    With `change_data`, the change is made although it loses or opens data in the database.
    `owner` is the email address of the account that gets rows which have no owner yet; a change
    that needs one raises `OwnerNeededError` without it. `rename` is what gets another name.

    Of other people's templates: with `trust`, their code runs, and without `hooks` it is left out.
    `ask` asks a person the questions that are new, and `record` names the file that has the answers
    in a project with several templates.
    """

    dry_run: bool = False
    force: bool = False
    overwrite: bool = False
    change_data: bool = False
    owner: str | None = None
    rename: Renaming | None = None
    trust: bool = False
    hooks: bool = True
    ask: Ask | None = None
    record: str = ""


@dataclass(frozen=True)
class UpdateOptions(ChangeOptions):
    """How a project is updated: `to` this version, by default to the newest."""

    to: str | None = None


NO_OPTIONS = ChangeOptions()
