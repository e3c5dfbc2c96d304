"""Folders to build in are removed when their process ends, and nothing else ever is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.transaction.staging import MARKER, discard, staging_folder, sweep

ROOT = Path(__file__).parents[2]
BUILD = """
import sys, time
from pathlib import Path
from generator.transaction.staging import staging_folder
with staging_folder(Path(sys.argv[1]), "shop") as folder:
    (folder / "file").write_text("half")
    print(folder.parent, flush=True)
    time.sleep(60)
"""


def builder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that builds something in `parent`; return it and its folder."""
    command = [sys.executable, "-c", BUILD, str(parent)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_was_built_is_moved_to_its_place_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    with staging_folder(tmp_path, "shop") as folder:
        (folder / "file").write_text("whole")
        folder.rename(tmp_path / "shop")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == [
        "shop",
        "shop/file",
    ]


def test_what_was_not_moved_is_removed(tmp_path: Path) -> None:
    def fail(parent: Path) -> None:
        with staging_folder(parent) as folder:
            (folder / "deep").mkdir()
            (folder / "deep/file").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.posix("os.fork, SIGKILL")
def test_a_folder_is_swept_when_its_process_was_killed_and_not_before(tmp_path: Path) -> None:
    process, folder = builder(tmp_path)
    sweep(tmp_path)
    assert (folder / "tree/file").read_text() == "half"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_thread_is_not_swept(tmp_path: Path) -> None:
    with staging_folder(tmp_path) as folder:
        sweep(tmp_path)
        assert folder.is_dir()


def test_what_a_kill_left_while_it_was_discarded_is_swept(tmp_path: Path) -> None:
    (tmp_path / "change/old").mkdir(parents=True)
    (tmp_path / "change/old/file").write_text("old")
    child = os.fork()
    if child == 0:
        try:
            os.unlink = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
            discard(tmp_path / "change")
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert (left / "old/file").exists()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        ".scaffold-2024-backup",
        ".shop.scaffold-2024-0123abcd",
        ".scaffold-0123456789abcdef",  # as ours, but without the marker
        ".scaffold-update",
    ],
)
def test_a_folder_of_the_users_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "file").write_text("mine")
    sweep(tmp_path)
    assert (tmp_path / name / "file").read_text() == "mine"


@pytest.mark.parametrize("name", [".scaffold-2024-backup", "0123456789abcdef", ".scaffold-0123"])
def test_so_does_one_with_the_marker_and_another_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / MARKER).touch()
    sweep(tmp_path)
    assert (tmp_path / name / MARKER).exists()


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / MARKER).touch()
    (tmp_path / ".scaffold-0123456789abcdef").symlink_to(tmp_path / "elsewhere")
    sweep(tmp_path)
    assert (tmp_path / "elsewhere" / MARKER).exists()
