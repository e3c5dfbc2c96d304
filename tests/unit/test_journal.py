"""The journal of a change: its format, and that it is on the disk before any file moves."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from generator.errors import UPGRADE, ScaffoldError
from generator.transaction import apply as transaction
from generator.transaction import journal
from generator.tree import File

WRITTEN = {"state": "applying", "before": {}, "after": {"a": "1"}, "about": {"command": "add"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / journal.FOLDER).mkdir()
    return tmp_path


def write(project: Path, value: object) -> None:
    (project / journal.FOLDER / journal.FILE).write_text(json.dumps(value))


def refusal(project: Path) -> ScaffoldError:
    with pytest.raises(ScaffoldError) as caught:
        journal.pending(project)
    return caught.value


@pytest.mark.parametrize("more", [{}, {"format": 1}, {"format": 1, "colour": "green"}])
def test_journals_of_this_and_earlier_versions_are_read_with_unknown_keys_ignored(
    folder: Path, more: dict[str, object]
) -> None:
    write(folder, WRITTEN | more)
    found = journal.pending(folder)
    assert found
    assert (found.state, found.after, found.about) == ("applying", {"a": "1"}, {"command": "add"})


def test_a_newer_format_is_refused_and_the_cure_is_to_upgrade(folder: Path) -> None:
    write(folder, WRITTEN | {"format": 2})
    error = refusal(folder)
    assert error.message.startswith("A newer scaffold began the change in ")
    assert error.hint == UPGRADE


@pytest.mark.parametrize("value", [{}, [], "text", {"state": "applying"}, {"format": "x"}])
def test_a_damaged_journal_never_costs_the_owners_files(folder: Path, value: object) -> None:
    write(folder, value)
    error = refusal(folder)
    assert error.message.endswith("journal.json is damaged.")
    assert f"copy back what you need, then remove {journal.FOLDER}" in error.hint


def test_a_change_that_version_0_3_applied_and_did_not_report_is_finished(folder: Path) -> None:
    write(folder, WRITTEN | {"state": "done"})
    assert transaction.recover(folder) == transaction.FINISHED
    assert list(folder.iterdir()) == []


def test_the_journal_is_on_the_disk_before_the_change_is_decided_and_before_any_file_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, str]] = []
    inodes: dict[int, str] = {}

    def synced(descriptor: int) -> None:
        events.append(("sync", inodes.get(os.fstat(descriptor).st_ino, "?")))

    def moving(name: str) -> None:
        move = getattr(Path, name)

        def moved(path: Path, target: Any) -> Path:
            inode = path.lstat().st_ino
            inodes[path.parent.stat().st_ino] = "its folder"
            result: Path = move(path, target)
            events.append(("move", Path(target).name))
            inodes[inode] = Path(target).name
            return result

        monkeypatch.setattr(Path, name, moved)

    def note_journal(folder: Path, written: journal.Journal) -> None:
        write_journal(folder, written)
        inodes[(folder / journal.FILE).stat().st_ino] = journal.FILE

    write_journal = journal.write
    inodes[tmp_path.stat().st_ino] = "the project"
    monkeypatch.setattr(os, "fsync", synced)
    moving("rename")
    moving("replace")
    monkeypatch.setattr(transaction, "write", note_journal)
    (tmp_path / "edited").write_text("1\n")
    before, after = {"edited": File(b"1\n")}, {"edited": File(b"2\n")}
    transaction.apply(tmp_path, before, after, {}, unresolved=True)
    assert events[:5] == [
        ("sync", "?"),  # the journal's content, in its temporary file
        ("move", journal.FILE),
        ("sync", "its folder"),
        ("move", journal.FOLDER),
        ("sync", "the project"),
    ]
    assert events[5] == ("move", "edited")
