"""Two scaffolds never move the files of one project at the same time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.transaction import apply as applying
from generator.transaction import journal, lock
from tests.unit.small_project import AFTER, BEFORE, apply, everything, make_project

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from generator.transaction.lock import lock_file, project_lock
root = Path(sys.argv[1])
with project_lock(root):
    print(lock_file(root), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home and a folder for temporary files of this process's own, and little patience."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(lock, "TIMEOUT", 0.05)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path)


@contextmanager
def held(project: Path, *prefix: str, **env: str) -> Iterator[Path]:
    """Let another process hold the project's lock; yield the file."""
    command = [*prefix, sys.executable, "-c", HOLD, str(project)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, **pipes)
    assert process.stdout is not None
    file = process.stdout.readline().strip()
    assert file
    try:
        yield Path(file)
    finally:
        process.communicate()


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


WAYS: dict[str, tuple[Callable[[Path], object], str]] = {
    "apply": (apply, ""),
    "recover": (applying.recover, "applying"),
    "close": (applying.close, "conflicts"),
    "undo": (applying.undo, "conflicts"),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_change_is_made_or_ended_while_another_process_is_at_it(
    project: Path, tmp_path: Path, way: str
) -> None:
    git(project, "init", "--quiet")
    work, state = WAYS[way]
    if state:
        apply(project, unresolved=True)
        file = project / journal.FOLDER / "journal.json"
        file.write_text(file.read_text().replace("conflicts", state))
    (project / ".git/scaffold.lock").touch()
    before = everything(project)
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = {"HOME": str(other), "TMPDIR": str(other), "XDG_CACHE_HOME": str(other)}
    with held(project, **elsewhere), pytest.raises(ScaffoldError) as error:
        work(project)
    assert error.value.message == "Another scaffold command is running in this project."
    assert error.value.hint == "Wait until it has ended, then run this again."
    assert everything(project) == before
    work(project)


@pytest.mark.posix("os.fork, SIGKILL")
def test_a_process_that_was_killed_holds_no_lock(project: Path) -> None:
    child = os.fork()
    if child == 0:
        try:
            with lock.project_lock(project):
                os.kill(os.getpid(), 9)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 9
    apply(project)
    assert everything(project).items() >= AFTER.items()


def test_all_projects_of_a_repository_have_one_lock(project: Path) -> None:
    git(project, "init", "--quiet")
    (project / "inner/project").mkdir(parents=True)
    assert lock.lock_file(project) == project / ".git/scaffold.lock"
    assert lock.lock_file(project / "inner/project") == project / ".git/scaffold.lock"


def test_git_does_not_see_it(project: Path) -> None:
    git(project, "init", "--quiet")
    with lock.project_lock(project):
        status = ["git", "-C", project, "status", "--porcelain", "--untracked-files=all"]
        assert "lock" not in subprocess.check_output(status, text=True)


def test_a_worktree_has_its_own_in_the_folder_that_git_gave_it(
    project: Path, tmp_path: Path
) -> None:
    git(project, "init", "--quiet")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    git(project, *identity, "commit", "--quiet", "--allow-empty", "--message=Start")
    git(project, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    expected = project / ".git/worktrees/tree/scaffold.lock"
    assert lock.lock_file(tmp_path / "tree") == expected
    with held(tmp_path / "tree") as file, pytest.raises(ScaffoldError, match="Another scaffold"):
        apply(tmp_path / "tree")
    assert file == expected


def test_a_submodule_names_its_folder_from_where_it_is(project: Path) -> None:
    (project / ".git/modules/inner").mkdir(parents=True)
    (project / ".git/modules/inner/HEAD").touch()
    (project / "inner").mkdir()
    (project / "inner/.git").write_text("gitdir: ../.git/modules/inner\n")
    assert lock.lock_file(project / "inner") == project / ".git/modules/inner/scaffold.lock"


@pytest.mark.parametrize("text", ["gitdir: /nowhere/to/be/found\n", "", "\0", "nonsense: x"])
def test_a_git_file_that_leads_nowhere_is_as_no_git(project: Path, text: str) -> None:
    (project / ".git").write_text(text)
    assert lock.lock_file(project).parent == Path.home() / ".cache/scaffold/locks"


def test_without_git_it_is_in_the_users_cache(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)
    (tmp_path / "another").mkdir()
    with held(tmp_path / "link") as file, pytest.raises(ScaffoldError, match="Another scaffold"):
        apply(project)
    assert file.parent == tmp_path / "home/.cache/scaffold/locks"
    assert lock.lock_file(tmp_path / "another") != file
    assert set(everything(project)) == {*BEFORE, "own"}


def test_a_lock_file_that_cannot_be_written_is_named(project: Path) -> None:
    git(project, "init", "--quiet")
    (project / ".git/scaffold.lock").mkdir()
    with pytest.raises(ScaffoldError, match=r"scaffold\.lock cannot be written") as error:
        apply(project)
    assert error.value.hint == f"Make sure that you can write to {project / '.git'}."


NOBODY = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*NOBODY, "true"], capture_output=True, check=False).returncode != 0,
    reason="no namespaces for unprivileged users on this machine",
)
def test_a_user_without_an_account_and_a_home_has_it_among_the_temporary_files(
    project: Path, tmp_path: Path
) -> None:
    without_home = ["env", "--unset=HOME", f"TMPDIR={tmp_path / 'temporary'}"]
    with held(project, *NOBODY, *without_home) as file:
        assert file.parent == tmp_path / "temporary/scaffold-54321"
        assert file.parent.stat().st_mode & 0o777 == 0o700


def make_open(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def make_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize("prepared", [make_open, make_link, Path.touch])
def test_what_others_prepared_there_is_not_used(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared: Callable[[Path], None]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))  # no cache can be made in it
    folder = tmp_path / "temporary" / f"scaffold-{os.getuid()}"
    prepared(folder)
    with pytest.raises(ScaffoldError, match="belongs to another user") as error:
        apply(project)
    assert "Set HOME" in error.value.hint
