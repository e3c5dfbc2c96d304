"""What a project's own Python is asked, and what runs when it is."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.project.environment import (
    NoEnvironmentError,
    has_pending_migrations,
    python_version,
)
from generator.questions.facts import MigrationCheck

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the environment is a symlink")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def check(code: str) -> MigrationCheck:
    return MigrationCheck(("-c", code), "some are pending")


def test_the_version_is_asked_without_running_a_module_of_the_project(project: Path) -> None:
    for name in ("platform.py", "sitecustomize.py"):
        (project / name).write_text("raise SystemExit('the project was run')\n")
    assert python_version(project) == platform.python_version()


def test_without_an_environment_that_is_what_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoEnvironmentError, match=r"There is no Python in \.venv"):
        python_version(tmp_path)


@pytest.mark.parametrize(
    ("code", "pending"), [("", False), ("raise SystemExit('some are pending')", True)]
)
def test_the_project_says_whether_migrations_are_pending(
    project: Path, code: str, pending: bool
) -> None:
    assert has_pending_migrations(project, check(code)) is pending


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero."),
        ("raise SystemExit('Error: no such table (see docs)')", "no such table."),
        ("raise SystemExit(9)", "the check ended with exit code 9."),
    ],
)
def test_a_project_that_does_not_say_is_told_with_its_reason(
    project: Path, code: str, reason: str
) -> None:
    with pytest.raises(ScaffoldError) as failed:
        has_pending_migrations(project, check(code))
    assert failed.value.message == reason
