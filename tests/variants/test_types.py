"""mypy, as each project sets it up, finds nothing in any variant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .distinct import listing, write_project
from .model import Variant
from .strict import Render
from .workshop import CACHE, environment

pytestmark = pytest.mark.slow


def test_mypy_finds_nothing(renders: dict[Variant, Render], tmp_path: Path) -> None:
    different = {python_files(files): variant for variant, files in renders.items()}
    found: dict[str, str] = {}
    for number, variant in enumerate(different.values()):
        folder = tmp_path / str(number)
        write_project(renders[variant], folder)
        framework = str(variant["framework"])
        mypy = str(environment(framework) / "mypy")
        command = [mypy, "--cache-dir", str(CACHE / "mypy" / framework), "--no-error-summary"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            lines = (result.stdout + result.stderr).splitlines()
            found |= {line: str(variant) for line in lines if "note:" not in line}
    assert not found, listing(f"{line} in {variant}" for line, variant in found.items())


def python_files(files: Render) -> frozenset[tuple[str, str]]:
    return frozenset(item for item in files.items() if item[0].endswith(".py"))
