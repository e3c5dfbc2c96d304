"""A change reaches a project whole or not at all, wherever the process is killed."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.transaction import apply as applying
from generator.transaction import journal
from generator.tree import EXECUTABLE, SYMLINK, File, read_tree

BEFORE = {
    "edited": File(b"1\n"),
    "script": File(b"#!\n", EXECUTABLE),
    "gone/deep/file": File(b"gone\n"),
    "link": File(b"edited", SYMLINK),
    "becomes_a_folder": File(b"file\n"),
}
AFTER = {
    "edited": File(b"2\n"),
    "script": File(b"#!2\n"),
    "new/deep/file": File(b"new\n", EXECUTABLE),
    "link": File(b"script", SYMLINK),
    "becomes_a_folder/file": File(b"inside\n"),
}
pytestmark = pytest.mark.posix("os.fork, SIGKILL, modes of files")

CHANGING = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "symlink")


def write(root: Path, tree: dict[str, File]) -> None:
    for path, file in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if file.mode == SYMLINK:
            (root / path).symlink_to(file.content.decode())
        else:
            (root / path).write_bytes(file.content)
            (root / path).chmod(0o755 if file.mode == EXECUTABLE else 0o644)


def everything(root: Path) -> dict[str, File]:
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    empty = {
        path: File(b"empty folder")
        for path in paths
        if (root / path).is_dir() and not any((root / path).iterdir())
    }
    return read_tree(root, paths) | empty


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    write(root, BEFORE | {"own": File(b"own\n")})
    return root


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

        for name in CHANGING:
            setattr(os, name, counted(getattr(os, name)))
        del os.fork  # what is decided is done in the process itself
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status != 0


def apply(root: Path, *, unresolved: bool = False) -> None:
    applying.apply(root, BEFORE, AFTER, {}, unresolved=unresolved)


def test_killed_at_any_operation_the_project_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    results = []
    for operation in itertools.count():
        root = tmp_path / str(operation)
        root.mkdir()
        write(root, BEFORE)
        killed = killed_at(operation, lambda root=root: apply(root))
        applying.recover(root)
        applying.sweep(root)
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
        applying.sweep(root)
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
        applying.forward = dies
        del os.fork
        apply(root)
    os.waitpid(child, 0)


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
    assert (project / "script").read_text() == "mine\n"  # which the change had not reached
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


def test_only_what_changed_nothing_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    monkeypatch.setattr(applying, "forward", full)
    with pytest.raises(ScaffoldError, match="No space left") as undone:
        apply(project)
    assert undone.value.hint == "Nothing was changed."
    monkeypatch.setattr(applying, "backward", full)
    with pytest.raises(ScaffoldError, match="No space left") as stuck:
        apply(project)
    assert "half made" in stuck.value.hint
    monkeypatch.undo()
    assert applying.recover(project) is not None
    assert journal.pending(project) is None


def test_killing_the_command_does_not_stop_what_was_decided(project: Path) -> None:
    script = (
        "import os, signal, sys, time\nfrom pathlib import Path\n"
        "from generator.transaction import apply as applying\n"
        "from tests.unit.test_applying import AFTER, BEFORE\n"
        "parent, finish = os.getpid(), applying._finish\n"
        "def killed(*args):\n"
        "    os.killpg(parent, signal.SIGKILL)\n"
        "    while os.getppid() == parent:\n"
        "        pass\n"
        "    time.sleep(0.5)\n"
        "    finish(*args)\n"
        "applying._finish = killed\n"
        "applying.apply(Path(sys.argv[1]), BEFORE, AFTER, {}, unresolved=False)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, project], start_new_session=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.wait() == -signal.SIGKILL
    assert everything(project) != AFTER | {"own": File(b"own\n")}
    assert applying.recover(project) == applying.FINISHED  # when the one at work has let go
    assert everything(project) == AFTER | {"own": File(b"own\n")}


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
    applying.apply(project, BEFORE, AFTER, {}, unresolved=False)
    modes = {path: (project / path).stat().st_mode & 0o777 for path in ("edited", "script")}
    assert modes == {"edited": 0o600, "script": 0o644}
    assert (project / "new/deep/file").stat().st_mode & 0o777 == 0o755


def test_a_change_with_conflicts_waits_until_it_is_closed(project: Path) -> None:
    applying.apply(project, BEFORE, AFTER, {}, unresolved=True)
    assert applying.recover(project) is None
    with pytest.raises(ScaffoldError, match="Another change"):
        applying.apply(project, AFTER, BEFORE, {}, unresolved=False)
    applying.close(project)
    assert journal.pending(project) is None
    assert everything(project) == AFTER | {"own": File(b"own\n")}


def test_a_waiting_change_is_no_news_for_git(project: Path) -> None:
    subprocess.run(["git", "init", "-q", project], check=True)
    applying.apply(project, BEFORE, AFTER, {}, unresolved=True)
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
        applying.apply(project, BEFORE, AFTER, {}, unresolved=False)
    assert everything(project) == before


def test_nothing_is_written_through_a_link_out_of_the_project(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "new").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ScaffoldError, match="is a link"):
        applying.apply(project, BEFORE, AFTER, {}, unresolved=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert read_tree(project, BEFORE) == BEFORE


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_changes_nothing(project: Path) -> None:
    (project / "gone" / "deep").chmod(0o555)
    with pytest.raises(ScaffoldError, match="Permission denied"):
        applying.apply(project, BEFORE, AFTER, {}, unresolved=False)
    (project / "gone" / "deep").chmod(0o755)
    assert everything(project) == BEFORE | {"own": File(b"own\n")}


def test_bytecode_does_not_keep_a_folder_that_is_gone(project: Path) -> None:
    (project / "gone/deep/__pycache__").mkdir()
    (project / "gone/deep/__pycache__/x.pyc").write_text("")
    applying.apply(project, BEFORE, AFTER, {}, unresolved=False)
    assert not (project / "gone").exists()
