"""What a killed command left behind is removed, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.transaction.staging import staging, sweep

ROOT = Path(__file__).parents[2]
WORK = """
import sys
from pathlib import Path
from generator.transaction.staging import staging
with staging(Path(sys.argv[1]), "shop") as tree:
    (tree / "file").write_text("half of it")
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path: Path) -> subprocess.Popen[bytes]:
    """A process that builds something in a staging folder, and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"at work\n"
    return process


def test_what_was_built_and_moved_away_stays_and_the_rest_goes(tmp_path: Path) -> None:
    with staging(tmp_path, "shop") as tree:
        (tree / "file").write_text("whole")
        tree.rename(tmp_path / "shop")
    assert [path.name for path in tmp_path.rglob("*")] == ["shop", "file"]


@pytest.mark.parametrize(
    "name", [".scaffold-2024-backup", ".scaffold-1-backup12", ".shop.scaffold-999999-0123abcd"]
)
def test_folders_of_the_users_are_not_swept_whatever_they_are_called(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "file").write_text("mine")
    sweep(tmp_path)
    assert (tmp_path / name / "file").read_text() == "mine"


def test_a_folder_whose_owner_is_at_work_is_not_swept(
    tmp_path: Path, owner: subprocess.Popen[bytes]
) -> None:
    sweep(tmp_path)
    assert list(tmp_path.rglob("file"))
    owner.communicate()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_owner_was_killed_is_swept(
    tmp_path: Path, owner: subprocess.Popen[bytes]
) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert list(tmp_path.rglob("file"))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []
