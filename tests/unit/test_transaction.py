"""A change reaches a project whole or not at all, wherever the process is killed."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from generator.errors import ScaffoldError
from generator.transaction import apply as applying
from generator.transaction import journal
from generator.transaction.settle import settle
from generator.transaction.staging import sweep
from generator.tree import File, read_file
from tests.unit.small_project import AFTER, BEFORE, OWN, apply, everything, write

pytestmark = pytest.mark.posix("os.fork, SIGKILL, modes of files")

CHANGING = ("open", "fsync", "rename", "replace", "link", "unlink", "mkdir", "rmdir", "symlink")


def killed_at(operation: int, work: Callable[[], None]) -> bool:
    """Do `work` in a process that is killed at an operation on the file system; tell if it was."""
    child = os.fork()
    if child == 0:
        left = operation

        def counted(function: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **kwargs: object) -> object:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return function(*args, **kwargs)

            return call

        try:
            for name in CHANGING:
                setattr(os, name, counted(getattr(os, name)))
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status != 0


def test_killed_at_any_operation_the_project_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    results = []
    for operation in itertools.count():
        root = tmp_path / str(operation)
        root.mkdir()
        write(root, BEFORE)
        killed = killed_at(operation, lambda root=root: apply(root))
        applying.recover(root)
        sweep(root)
        found = everything(root)
        assert found in (BEFORE, AFTER), operation
        results.append(found == AFTER)
        if not killed:
            break
    assert results == sorted(results)  # before the decision all old, after it all new
    assert results.count(True) > 10


def test_killed_while_it_is_undone_it_is_undone_by_the_next_command(tmp_path: Path) -> None:
    for operation in itertools.count():
        root = tmp_path / str(operation)
        root.mkdir()
        write(root, BEFORE)
        apply(root, unresolved=True)
        killed = killed_at(operation, lambda root=root: applying.undo(root))
        if not applying.recover(root) and journal.pending(root):
            assert everything(root).items() >= AFTER.items()  # it had not begun
            applying.undo(root)
        sweep(root)
        assert everything(root) == BEFORE, operation
        if not killed:
            return


SETTLED = {**AFTER, "edited": File(b"decided\n")}


def test_killed_while_a_conflict_is_resolved_it_can_be_resolved_again_or_taken_back(
    tmp_path: Path,
) -> None:
    for operation in itertools.count():
        root = tmp_path / str(operation)
        root.mkdir()
        write(root, BEFORE)
        apply(root, unresolved=True)

        def resolve(root: Path = root) -> None:
            now = read_file(root / "edited")
            settle(root, "edited", now, SETTLED["edited"], resolved=True)

        killed = killed_at(operation, resolve)
        found = read_file(root / "edited")
        assert found in (AFTER["edited"], SETTLED["edited"]), operation
        if operation % 2:
            resolve()
            assert everything(root).items() >= SETTLED.items()
            applying.undo(root)
        else:
            applying.undo(root, force=True)
        sweep(root)
        assert everything(root) == BEFORE, operation
        if not killed:
            return


def half_made(root: Path) -> None:
    """Leave a change that died when it had moved two files into place."""
    work = applying.forward

    def dies(root: Path, folder: Path, deleted: list[str], put: list[str]) -> None:
        work(root, folder, deleted, [path for path in put if path in ("edited", "new/deep/file")])
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            applying.forward = dies
            apply(root)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    sweep(root)


def test_work_done_since_the_kill_is_never_overwritten(project: Path) -> None:
    half_made(project)
    (project / "script").write_text("mine\n")
    (project / "new/deep/file").write_text("mine too\n")
    before = everything(project)
    for end in (applying.recover, applying.undo):
        with pytest.raises(ScaffoldError, match="later edits: new/deep/file") as error:
            end(project)
        assert "Move them away" in error.value.hint
        assert everything(project) == before
    assert applying.undo(project, force=True) == ["new/deep/file"]
    assert (project / "script").read_text() == "mine\n"  # which the change had not moved
    assert not (project / "new").exists()


def test_a_change_that_somebody_took_back_by_hand_is_not_made_again(project: Path) -> None:
    before = everything(project)
    half_made(project)
    shutil.rmtree(project / "new")
    write(project, {"edited": BEFORE["edited"]})
    assert applying.recover(project) == applying.ABORTED
    assert everything(project) == before


def test_a_file_that_a_power_cut_spoiled_does_not_reach_the_project(project: Path) -> None:
    before = everything(project)
    half_made(project)
    (project / journal.FOLDER / "new/script").write_text("")
    assert applying.recover(project) == applying.ABORTED
    assert everything(project) == before


def test_a_folder_in_the_place_of_a_file_is_named_and_can_be_moved_away(project: Path) -> None:
    before = everything(project)
    half_made(project)
    (project / "edited").unlink()
    (project / "edited").mkdir()
    for force in (False, True):
        with pytest.raises(ScaffoldError, match="edited is in the way"):
            applying.undo(project, force=force)
    (project / "edited").rmdir()
    applying.undo(project)
    assert everything(project) == before


def test_only_what_changed_nothing_says_so(project: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(applying, "forward", full)
        with pytest.raises(ScaffoldError, match="No space left") as undone:
            apply(project)
        assert undone.value.hint == "Nothing was changed."
        disk.setattr(applying, "backward", full)
        with pytest.raises(ScaffoldError, match="No space left") as stuck:
            apply(project)
        assert "The change is half made." in stuck.value.hint
    assert applying.recover(project) is not None
    assert journal.pending(project) is None


def test_a_change_that_scaffold_0_3_left_complete_is_cleaned_up(project: Path) -> None:
    apply(project, unresolved=True)
    file = project / journal.FOLDER / "journal.json"
    written = json.loads(file.read_text())
    del written["format"]
    file.write_text(json.dumps({**written, "state": "done", "unresolved": False}))
    (project / "edited").write_text("mine\n")
    assert applying.recover(project) == applying.FINISHED
    assert everything(project) == {**AFTER, **OWN, "edited": File(b"mine\n")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_files_move_does_not_stop_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    work, handler = applying.forward, signal.getsignal(number)

    def interrupted(*arguments: Any) -> None:
        os.kill(os.getpid(), number)
        work(*arguments)

    monkeypatch.setattr(applying, "forward", interrupted)
    apply(project)
    assert everything(project) == {**AFTER, **OWN}
    assert signal.getsignal(number) == handler


def test_a_change_can_be_made_and_taken_back_in_any_thread(project: Path) -> None:
    before = everything(project)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(apply, project, unresolved=True).result()
        assert everything(project).items() >= AFTER.items()
        thread.submit(applying.undo, project).result()
    assert everything(project) == before
    with pytest.raises(ScaffoldError, match="no change to take back"):
        applying.undo(project)
