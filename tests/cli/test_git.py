"""The first commit: the user's own, and nobody else's business."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Scaffold


def git(folder: Path, *arguments: str) -> str:
    return subprocess.check_output(["git", "-C", folder, *arguments], text=True).strip()


def gitconfig(scaffold: Scaffold) -> Path:
    return Path(scaffold.env["HOME"]) / ".gitconfig"


def test_without_an_identity_the_commit_is_scaffolds(scaffold: Scaffold) -> None:
    gitconfig(scaffold).unlink()
    scaffold.ok("new", "shop")
    assert git(scaffold.folder / "shop", "log", "--format=%an <%ae>") == (
        "scaffold <scaffold@localhost>"
    )


@pytest.mark.posix("modes of files")
def test_the_users_hooks_keys_and_templates_are_left_out(
    scaffold: Scaffold, tmp_path: Path
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-commit"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\nexit 1\n")
        (hooks / name).chmod(0o755)
    ignore = tmp_path / "ignore"
    ignore.write_text("*.py\n*.md\n")
    with gitconfig(scaffold).open("a") as config:
        config.write(
            f"[core]\n\thooksPath = {hooks}\n\texcludesFile = {ignore}\n\tautocrlf = true\n"
            f"\tsafecrlf = true\n[init]\n\ttemplateDir = {hooks}\n\tdefaultBranch = trunk\n"
            "[commit]\n\tgpgSign = true\n[user]\n\tsigningKey = none\n"
        )
    made = scaffold.json("new", "shop")
    project = scaffold.folder / "shop"
    assert not (tmp_path / "hooked").exists()
    assert git(project, "branch", "--show-current") == "main"
    tracked = git(project, "-c", "core.quotePath=false", "ls-files").splitlines()
    assert set(tracked) == set(made["files"]) - {".env"}
    assert not list((project / ".git").glob("hooks/*"))


def test_inside_a_repository_no_other_is_made(scaffold: Scaffold) -> None:
    git(scaffold.folder, "init", "-q")
    out = scaffold.ok("new", "shop")
    assert not (scaffold.folder / "shop" / ".git").exists()
    assert "inside a git repository already" in out


def test_a_folder_that_the_outer_repository_ignores_gets_its_own(scaffold: Scaffold) -> None:
    git(scaffold.folder, "init", "-q")
    (scaffold.folder / ".gitignore").write_text("/shop/\n")
    scaffold.ok("new", "shop")
    assert git(scaffold.folder / "shop", "rev-list", "--count", "HEAD") == "1"


def test_no_git_makes_no_repository(scaffold: Scaffold) -> None:
    scaffold.ok("new", "shop", "--no-git")
    assert not (scaffold.folder / "shop" / ".git").exists()


def test_a_git_hook_that_runs_scaffold_does_not_get_its_own_repository_changed(
    scaffold: Scaffold, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", other], check=True)
    scaffold.ok("new", "shop", GIT_DIR=str(other / ".git"), GIT_INDEX_FILE=str(other / "index"))
    assert git(scaffold.folder / "shop", "rev-list", "--count", "HEAD") == "1"
    assert git(other, "status", "--short") == ""


@pytest.fixture
def path_without_git(tmp_path: Path) -> str:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "env"):
        (folder / name).symlink_to(shutil.which(name) or name)
    return str(folder)


def test_without_git_the_project_is_made_and_one_line_says_so(
    scaffold: Scaffold, path_without_git: str
) -> None:
    result = scaffold.json("new", "shop")
    assert result["committed"] is True
    scaffold.env["PATH"] = path_without_git
    result = scaffold.json("new", "other")
    assert result["committed"] is False
    assert any("git is not installed" in note for note in result["notes"])
    assert (scaffold.folder / "other" / ".copier-answers.yml").exists()


def test_a_git_that_fails_is_quoted_and_leaves_nothing(scaffold: Scaffold) -> None:
    gitconfig(scaffold).write_text("[broken\n")
    result = scaffold("new", "shop")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: git ")
    assert list(scaffold.folder.iterdir()) == []
