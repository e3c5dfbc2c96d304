"""What these tests share: a storage of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from config import env


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Return the folder in which a test stores its files."""
    folder = tmp_path / "storage"
    settings.STORAGES |= {"default": env.storage(f"file://{folder}")}
    return folder
