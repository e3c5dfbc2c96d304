"""What git says when it fails, as people are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import git
from generator.errors import ScaffoldError


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git.run_git(tmp_path, "init", "--quiet")
    return tmp_path


def failure(folder: Path, *arguments: str) -> ScaffoldError:
    with pytest.raises(ScaffoldError) as caught:
        git.read(folder, *arguments)
    return caught.value


def test_a_failure_is_the_command_and_gits_last_line(repository: Path) -> None:
    assert failure(repository, "show", "nothing").message.startswith("git show failed: ")


@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8"])
def test_a_repository_of_another_user_is_named_as_such_with_gits_own_cure(
    repository: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as git's own tests do
    monkeypatch.setenv("LANG", language)
    error = failure(repository, "ls-files")
    assert error.message == "The repository belongs to another user, so git refuses it."
    command = "git config --global --add safe.directory"
    assert error.hint == f"If you trust it: {command} {repository}"
