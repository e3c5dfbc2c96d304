"""mypy, as each project sets it up, finds nothing in any variant."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .distinct import listing, write_project
from .model import Variant, all_variants
from .strict import Render
from .workshop import mypy_cache

pytestmark = pytest.mark.slow

SERIES = sorted({(variant.framework, variant.series) for variant in all_variants()})


@pytest.mark.parametrize(("framework", "series"), SERIES)
def test_mypy_finds_nothing(
    framework: str,
    series: str,
    renders: dict[Variant, Render],
    programs: Callable[[Variant], Path],
    tmp_path: Path,
) -> None:
    mine = {
        v: files for v, files in renders.items() if (v.framework, v.series) == (framework, series)
    }
    different = {python_files(files): variant for variant, files in mine.items()}
    found: dict[str, str] = {}
    for number, variant in enumerate(different.values()):
        folder = tmp_path / str(number)
        write_project(renders[variant], folder)
        bin = programs(variant)
        command = [str(bin / "mypy"), "--cache-dir", str(mypy_cache(bin)), "--no-error-summary"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            lines = (result.stdout + result.stderr).splitlines()
            found |= {line: str(variant) for line in lines if "note:" not in line}
    assert not found, listing(f"{line} in {variant}" for line, variant in found.items())


def python_files(files: Render) -> frozenset[tuple[str, str]]:
    return frozenset(item for item in files.items() if item[0].endswith(".py"))
