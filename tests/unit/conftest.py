"""What the unit tests share: a project to change, and a cache that nothing else uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.small_project import make_project


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path)
