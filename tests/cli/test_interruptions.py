"""Whatever happens while a project is made: afterwards there is a whole one, or nothing."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from generator.transaction.staging import staging_folder
from tests.conftest import COMMAND, Scaffold

# Where an ordinary user may mount a file system that only her own processes see.
pytestmark = pytest.mark.posix("signals to process groups, mounts")

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
has_namespaces = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode != 0,
    reason="no namespaces for unprivileged users on this machine",
)


def snapshot(project: Path) -> dict[str, bytes]:
    """Return the project's files without what differs from run to run."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.name != ".env" and ".git" not in path.relative_to(project).parts
    }


@pytest.fixture
def whole(scaffold: Scaffold) -> dict[str, bytes]:
    """What a project looks like that was made in peace."""
    scaffold.ok("new", "shop")
    project = scaffold.folder / "shop"
    files = snapshot(project)
    shutil.rmtree(project)
    return files


def assert_whole_or_nothing(scaffold: Scaffold, whole: dict[str, bytes]) -> bool:
    project = scaffold.folder / "shop"
    if not project.exists():
        return False
    assert snapshot(project) == whole
    log = subprocess.check_output(["git", "-C", project, "log", "--oneline"], text=True)
    assert len(log.splitlines()) == 1
    shutil.rmtree(project)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_a_whole_project_or_nothing(
    scaffold: Scaffold, whole: dict[str, bytes], number: signal.Signals
) -> None:
    moments = random.Random(0)
    codes = set()
    for _ in range(10):
        process = scaffold.start(
            "new", "shop", start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(moments.uniform(0.1, 0.7))
        if process.poll() is None:
            os.killpg(process.pid, number)  # as a terminal does it
        _, error = process.communicate(timeout=30)
        codes.add(process.returncode)
        assert_whole_or_nothing(scaffold, whole)
        assert list(scaffold.folder.iterdir()) == []
        # Before the first line of ours, Python itself answers.
        if process.returncode == 130:
            assert error.strip() == "Error: Interrupted. Nothing incomplete was left behind."
    assert 130 in codes


def test_after_kill_9_there_is_a_whole_project_or_nothing_and_the_next_run_cleans_up(
    scaffold: Scaffold, whole: dict[str, bytes]
) -> None:
    moments = random.Random(1)
    left_behind = False
    for _ in range(10):
        process = scaffold.start(
            "new", "shop", start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moments.uniform(0.1, 0.7))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert_whole_or_nothing(scaffold, whole)
        left_behind |= any(scaffold.folder.glob(".shop.scaffold-*"))
    assert left_behind
    scaffold.ok("new", "other")
    assert [entry.name for entry in scaffold.folder.iterdir()] == ["other"]


def test_a_run_that_is_still_at_work_is_not_cleaned_up(scaffold: Scaffold) -> None:
    with staging_folder(scaffold.folder, "shop") as busy:
        scaffold.ok("new", "other")
        assert busy.is_dir()


def test_a_folder_of_the_users_is_not_cleaned_up(scaffold: Scaffold) -> None:
    backup = scaffold.folder / ".scaffold-2024-backup"
    backup.mkdir()
    (backup / "file").write_text("mine\n")
    scaffold.ok("new", "other")
    assert (backup / "file").read_text() == "mine\n"


@has_namespaces
@pytest.mark.parametrize("kilobytes", [8, 64, 128, 256])
def test_a_full_disk_leaves_nothing(scaffold: Scaffold, kilobytes: int) -> None:
    full = f"mount -t tmpfs -o size={kilobytes}k tmpfs ."
    result = _in_namespace(scaffold, f"{full} && cd $PWD && {_command()}; echo $?; ls -A .")
    assert result.stdout == "1\n", result.stderr
    (line,) = result.stderr.splitlines()
    assert "No space left on device" in line


@has_namespaces
def test_a_read_only_folder_is_named(scaffold: Scaffold) -> None:
    script = f"mount --bind . . && mount -o remount,bind,ro . && cd $PWD && {_command()}; echo $?"
    result = _in_namespace(scaffold, f"{script}; ls -A .")
    assert result.stdout == "1\n", result.stderr
    (line,) = result.stderr.splitlines()
    assert "Read-only file system" in line
    assert str(scaffold.folder) in line


def _command() -> str:
    return shlex.join([*COMMAND, "new", "shop"])


def _in_namespace(scaffold: Scaffold, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*NAMESPACE, "sh", "-c", script], cwd=scaffold.folder, env=scaffold.env,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("target_exists", [False, True])
def test_of_two_runs_into_one_folder_one_wins_and_the_other_says_so(
    scaffold: Scaffold, whole: dict[str, bytes], target_exists: bool
) -> None:
    for _ in range(3):
        if target_exists:
            (scaffold.folder / "shop").mkdir()
        runs = [
            scaffold.start("new", "shop", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        outputs = [json.loads(run.communicate(timeout=60)[0]) for run in runs]
        assert sorted(run.returncode for run in runs) == [0, 1]
        (loser,) = (output for output in outputs if "error" in output)
        assert "exists and is not empty" in loser["error"]["message"]
        assert assert_whole_or_nothing(scaffold, whole)
        assert list(scaffold.folder.iterdir()) == []
