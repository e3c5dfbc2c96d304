"""The programs that a project needs on the PATH: there, missing, or too old."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.engine import programs
from generator.questions.facts import Facts, Program

pytestmark = pytest.mark.posix("a script as a program")

FACTS = Facts(programs=(Program("node", 24, "Install Node 24."),))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, script: str) -> None:
    (folder / "node").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "node").chmod(0o755)


def test_a_program_that_is_missing_is_named_with_its_cure(path: Path) -> None:
    (found,) = programs.examine(FACTS)
    assert found.line == "node is not on the PATH. Install Node 24."


def test_a_program_that_does_not_run_counts_as_missing(path: Path) -> None:
    install(path, "exit 1")
    (found,) = programs.examine(FACTS)
    assert found.cure


def test_a_program_that_is_too_old_says_which_version_is_needed(path: Path) -> None:
    install(path, "echo v20.20.2")
    (found,) = programs.examine(FACTS)
    assert found.line == "node is 20.20.2; the project needs 24 or newer. Install Node 24."


def test_a_newer_program_is_fine(path: Path) -> None:
    install(path, "echo v26.1.0")
    (found,) = programs.examine(FACTS)
    assert (found.what, found.cure) == ("node 26.1.0", "")
