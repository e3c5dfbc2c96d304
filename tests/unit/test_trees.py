"""Which files are read in search of one that the owner moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.engine import trees
from generator.engine.trees import read_project
from generator.tree import File

BASE = {"AGENTS.md": File(b"line\n" * 200), "README.md": File(b"readme\n")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_bytes(b"readme\n")
    return tmp_path


def read(project: Path) -> set[str]:
    return set(read_project(project, BASE, BASE))


def test_nothing_else_is_read_where_every_file_is_in_its_place(project: Path) -> None:
    (project / "AGENTS.md").write_bytes(b"mine\n" * 200)
    (project / "other.md").write_bytes(b"line\n" * 200)
    assert read(project) == {"AGENTS.md", "README.md"}


def test_a_file_of_a_size_that_git_would_follow_is_read(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "docs/agents.md").write_bytes(b"line\n" * 150)
    (project / "windows.md").write_bytes(b"line\r\n" * 200)
    assert read(project) == {"README.md", "docs/agents.md", "windows.md"}


def test_files_of_other_sizes_stay_unread_however_many_they_are(project: Path) -> None:
    (project / "small.md").write_bytes(b"line\n" * 90)
    for number in range(20):
        (project / f"video-{number}.md").write_bytes(b"0" * 900_000)
    assert read(project) == {"README.md"}


def test_what_is_read_is_bounded_and_the_likeliest_comes_first(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "MOST_CANDIDATE_BYTES", 2500)
    for name in ("a.bin", "b.bin", "c.bin"):
        (project / name).write_bytes(b"x" * 1000)
    (project / "z").mkdir()
    (project / "z/AGENTS.md").write_bytes(b"line\n" * 200)
    (project / "y.md").write_bytes(b"line\n" * 200)
    assert read(project) == {"README.md", "z/AGENTS.md", "y.md"}
