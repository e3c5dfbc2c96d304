"""The journal of a change: on the disk in time, and read by every later scaffold."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from generator.errors import ScaffoldError
from generator.transaction import apply as applying
from generator.transaction import journal
from tests.unit.small_project import AFTER, BEFORE, OWN, apply, everything


def change(project: Path, **values: Any) -> None:
    """Write `values` into the journal of the project's pending change; None deletes one."""
    file = project / journal.FOLDER / "journal.json"
    written = {**json.loads(file.read_text()), **values}
    file.write_text(json.dumps({key: value for key, value in written.items() if value is not None}))


def test_the_journal_is_on_the_disk_before_any_file_moves(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []

    def note(what: str, path: Path) -> None:
        """Note what was done to a path, without what is random in it."""
        name = path.relative_to(project).as_posix()
        name = re.sub(r"^\.scaffold-[0-9a-f]+/tree", "STAGED", name)
        done.append((what, re.sub(r"journal\.\w+\.tmp", "journal.tmp", name)))

    def noting_moves(real: Any) -> Any:
        def move(source: Path, target: Path) -> None:
            real(source, target)
            note("move", Path(target))

        return move

    def fsync(handle: int) -> None:
        real_fsync(handle)
        places = [project, *(path for path in project.rglob("*") if not path.is_symlink())]
        (place,) = (path for path in places if os.path.samestat(path.stat(), os.fstat(handle)))
        note("sync", place)

    real_fsync = os.fsync
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", noting_moves(os.rename))
    monkeypatch.setattr(os, "replace", noting_moves(os.replace))
    apply(project)
    new_files = {("sync", f"STAGED/new/{path}") for path in AFTER if path != "link"}
    assert new_files == set(done[: len(new_files)])
    assert done[len(new_files) :][:5] == [
        ("sync", "STAGED/journal.tmp"),
        ("move", "STAGED/journal.json"),
        ("sync", "STAGED"),
        ("move", ".scaffold-update"),
        ("sync", "."),
    ]
    assert ("move", "edited") in done[len(new_files) + 5 :]


def test_it_has_the_number_of_its_format(project: Path) -> None:
    apply(project, unresolved=True)
    assert json.loads((project / journal.FOLDER / "journal.json").read_text())["format"] == 1


def test_one_without_a_number_is_from_scaffold_0_1_to_0_3_and_is_read(project: Path) -> None:
    before = everything(project)
    apply(project, unresolved=True)
    change(project, format=None)
    applying.undo(project)
    assert everything(project) == before


def test_what_is_unknown_in_a_known_format_is_ignored(project: Path) -> None:
    before = everything(project)
    apply(project, unresolved=True)
    change(project, colour="green")
    applying.undo(project)
    assert everything(project) == before


@pytest.mark.parametrize("end", [applying.recover, applying.close, applying.undo])
def test_a_newer_format_is_left_alone_and_the_cure_is_an_upgrade(project: Path, end: Any) -> None:
    apply(project, unresolved=True)
    change(project, format=2, before=None)
    found = everything(project)
    with pytest.raises(ScaffoldError, match="A newer scaffold") as error:
        end(project)
    assert error.value.hint.startswith("Upgrade scaffold: ")
    assert everything(project) == found


@pytest.mark.parametrize(
    "values",
    [
        {"state": "unheard-of"},
        {"state": None},
        {"before": None},
        {"after": ["edited"]},
        {"about": "update"},
        {"format": "one"},
        {"format": 0},
    ],
)
def test_a_damaged_one_never_costs_the_files_that_were_kept(
    project: Path, values: dict[str, Any]
) -> None:
    apply(project, unresolved=True)
    change(project, **values)
    _assert_kept_and_named(project)


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, "\0", None])
def test_nor_does_one_that_is_no_journal(project: Path, content: str | None) -> None:
    apply(project, unresolved=True)
    file = project / journal.FOLDER / "journal.json"
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    _assert_kept_and_named(project)


def _assert_kept_and_named(project: Path) -> None:
    found = everything(project)
    old = project / journal.FOLDER / "old"
    for end in (applying.recover, applying.close, applying.undo):
        with pytest.raises(ScaffoldError, match="is damaged") as error:
            end(project)
        assert f"{old} has the files as they were before the change" in error.value.hint
        assert f"copy back what you need, then remove {old.parent}" in error.value.hint
    assert everything(project) == found
    assert (old / "edited").read_bytes() == BEFORE["edited"].content


@pytest.mark.parametrize("path", ["../outside", "/outside", "a/../../outside", ".git/hooks/x", "."])
def test_one_that_came_with_a_repository_reaches_no_file_out_of_the_project(
    project: Path, path: str
) -> None:
    apply(project, unresolved=True)
    change(project, state="applying", after={path: "digest"}, before={})
    found = everything(project)
    with pytest.raises(ScaffoldError, match="is damaged"):
        applying.recover(project)
    assert everything(project) == found
    assert found.items() >= OWN.items()
