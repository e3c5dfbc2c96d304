"""mypy, as each project sets it up, finds nothing in any variant."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest

from .distinct import listing, write_project
from .imports import is_test
from .model import Variant, all_variants
from .strict import Render
from .workshop import mypy_cache

pytestmark = pytest.mark.slow

SERIES = sorted({(variant.framework, variant.series) for variant in all_variants()})
PROCESSES = 2


@pytest.mark.parametrize(("framework", "series"), SERIES)
def test_mypy_finds_nothing(
    framework: str,
    series: str,
    renders: dict[Variant, Render],
    programs: Callable[[Variant], Path],
    tmp_path: Path,
) -> None:
    mine = {v: f for v, f in renders.items() if (v.framework, v.series) == (framework, series)}
    bin = programs(next(iter(mine)))

    def check(number: int) -> list[str]:
        # Each process has a cache of its own: two of them would overwrite each other's.
        cache = mypy_cache(bin) / str(number)
        variants = different(mine)[number::PROCESSES]
        return [line for v in variants for line in mypy(bin, cache, mine[v], tmp_path / str(v))]

    with ThreadPoolExecutor(PROCESSES) as pool:
        found = {line for lines in pool.map(check, range(PROCESSES)) for line in lines}
    assert not found, listing(found)


def different(renders: Mapping[Variant, Render]) -> list[Variant]:
    """Return variants that have, together, every application and every file of tests."""
    chosen: list[Variant] = []
    seen: set[object] = set()
    for variant, files in renders.items():
        code = {item for item in files.items() if item[0].endswith(".py")}
        application = frozenset(item for item in code if not is_test(item[0]))
        new = {application, *code} - seen
        if new:
            chosen.append(variant)
            seen |= new
    return chosen


def mypy(bin: Path, cache: Path, files: Render, folder: Path) -> Iterable[str]:
    """Return what mypy has against a project, and where."""
    write_project(files, folder)
    for path, text in files.items():
        # mypy takes a file for the one in its cache that has its size and second of change.
        os.utime(folder / path, (0, crc32(text.encode())))
    command = [str(bin / "mypy"), "--cache-dir", str(cache), "--no-error-summary"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not result.returncode:
        return []
    lines = (result.stdout + result.stderr).splitlines()
    return [f"{line} in {folder.name}" for line in lines if "note:" not in line]
