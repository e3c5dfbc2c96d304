"""A change keeps what the user's files are, and stops where it would overwrite them."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.transaction import apply as applying
from generator.transaction import journal
from generator.tree import read_tree
from tests.unit.small_project import AFTER, BEFORE, OWN, apply, everything

pytestmark = pytest.mark.posix("modes of files, links")


def test_an_undone_change_leaves_every_file_as_it_was(project: Path) -> None:
    (project / "edited").chmod(0o640)
    before = everything(project)
    times = {path: (project / path).lstat().st_mtime_ns for path in before}
    applying.apply(project, BEFORE, AFTER, {"command": "update"}, unresolved=True)
    waiting = journal.pending(project)
    assert waiting is not None
    assert (waiting.state, waiting.about) == (journal.CONFLICTS, {"command": "update"})
    (project / "edited").write_text("half resolved\n")
    (project / "later").write_text("own\n")
    assert applying.undo(project, force=True) == ["edited"]
    (project / "later").unlink()
    assert everything(project) == before
    assert {path: (project / path).lstat().st_mtime_ns for path in before} == times
    assert stat.S_IMODE((project / "edited").stat().st_mode) == 0o640


def test_permissions_stay_and_new_files_get_the_usual_ones(project: Path) -> None:
    (project / "edited").chmod(0o600)
    apply(project)
    modes = {path: (project / path).stat().st_mode & 0o777 for path in ("edited", "script")}
    assert modes == {"edited": 0o600, "script": 0o644}
    assert (project / "new/deep/file").stat().st_mode & 0o777 == 0o755


def test_a_change_with_conflicts_waits_until_it_is_closed(project: Path) -> None:
    apply(project, unresolved=True)
    assert applying.recover(project) is None
    with pytest.raises(ScaffoldError, match="Another change"):
        applying.apply(project, AFTER, BEFORE, {}, unresolved=False)
    applying.close(project)
    assert journal.pending(project) is None
    assert everything(project) == AFTER | OWN


def test_a_waiting_change_is_no_news_for_git(project: Path) -> None:
    subprocess.run(["git", "init", "-q", project], check=True)
    apply(project, unresolved=True)
    status = ["git", "-C", project, "status", "--porcelain"]
    assert journal.FOLDER not in subprocess.check_output(status, text=True)


@pytest.mark.parametrize(
    ("path", "content"), [("edited", "later\n"), ("new/deep/file", "own\n"), ("new", "a file\n")]
)
def test_a_file_written_meanwhile_stops_the_change(project: Path, path: str, content: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(content)
    before = everything(project)
    with pytest.raises(ScaffoldError):
        apply(project)
    assert everything(project) == before


def test_nothing_is_written_through_a_link_out_of_the_project(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "new").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ScaffoldError, match="is a link"):
        apply(project)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert read_tree(project, BEFORE) == BEFORE


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_changes_nothing(project: Path) -> None:
    (project / "gone" / "deep").chmod(0o555)
    with pytest.raises(ScaffoldError, match="Permission denied"):
        apply(project)
    (project / "gone" / "deep").chmod(0o755)
    assert everything(project) == BEFORE | OWN


def test_bytecode_does_not_keep_a_folder_that_is_gone(project: Path) -> None:
    (project / "gone/deep/__pycache__").mkdir()
    (project / "gone/deep/__pycache__/x.pyc").write_text("")
    apply(project)
    assert not (project / "gone").exists()
