"""One command at a time changes a project, whatever its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.transaction.lock import lock_file, locked

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from generator.transaction.lock import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_that_locks(project: Path, **env: str) -> Iterator[None]:
    """Have a second process hold the lock of `project`, in an environment of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, project],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == b"locked\n"
        yield
    finally:
        process.communicate(timeout=20)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path / "repository"], check=True)
    return tmp_path / "repository"


def assert_locked(project: Path) -> None:
    with pytest.raises(ScaffoldError) as caught, locked(project, patience=0.1):
        pass
    assert caught.value.message == "Another scaffold command is changing this project."


def test_two_processes_exclude_each_other_whatever_their_home_and_temporary_folder(
    repository: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME")
    with another_process_that_locks(repository, **dict.fromkeys(places, str(elsewhere))):
        assert_locked(repository)
    with locked(repository, patience=0.1):
        pass


def test_the_lock_ends_with_the_process_that_holds_it(repository: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, repository],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()
    with locked(repository, patience=5):
        pass


def test_a_project_in_a_folder_of_a_repository_has_the_lock_of_the_repository(
    repository: Path,
) -> None:
    (repository / "services/shop").mkdir(parents=True)
    assert lock_file(repository / "services/shop") == repository / ".git/scaffold.lock"


def test_a_linked_work_tree_has_a_lock_that_git_does_not_show(
    repository: Path, tmp_path: Path
) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    git = ["git", "-C", repository]
    subprocess.run([*git, *who, "commit", "-qm", "x", "--allow-empty"], check=True)
    subprocess.run([*git, "worktree", "add", "--quiet", tmp_path / "tree"], check=True)
    with locked(tmp_path / "tree"):
        status = subprocess.check_output(["git", "-C", tmp_path / "tree", "status", "--short"])
    assert status == b""
    assert lock_file(tmp_path / "tree") == repository / ".git/worktrees/tree/scaffold.lock"


def test_without_git_the_lock_is_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    (tmp_path / "project").mkdir()
    with locked(tmp_path / "project"):
        assert list((tmp_path / "project").iterdir()) == []
    assert lock_file(tmp_path / "project").parent == tmp_path / "caches/scaffold/locks"


@pytest.mark.skipif(os.name == "nt", reason="there is always a home on Windows")
def test_a_user_without_a_home_has_a_lock_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with locked(tmp_path / "project"):
        assert lock_file(tmp_path / "project").is_relative_to(tmp_path / "tmp")


def test_a_lock_that_cannot_be_written_is_named(repository: Path) -> None:
    (repository / ".git/scaffold.lock").mkdir()
    with pytest.raises(ScaffoldError, match=r"scaffold\.lock cannot be locked"), locked(repository):
        pass
