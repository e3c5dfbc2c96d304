"""mypy, as each project sets it up, finds nothing in any variant."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from zlib import crc32

import pytest

from generator.render.strict import Render
from generator.validate.covering import covering
from generator.validate.known import Proofs, frozen, key
from tests.plugin import STEP

from .distinct import listing, write_project
from .imports import is_test
from .live import live
from .machine import PROOFS, type_cache
from .model import Variant, all_variants

pytestmark = pytest.mark.slow

SERIES = sorted({(variant.framework, variant.series) for variant in all_variants()})
# What each landing looks at, beside the wide projects with users, whose task `check` is run: as
# many of these as have every answer that is asked for. The other sets have little that mypy has not
# seen in these; test_lint looks whether all that they import is there. A framework's newer series
# has the same code. Each night looks at every application.
SEEN_AT_A_LANDING = "item"
FIRST = [min(of_one) for _, of_one in groupby(SERIES, itemgetter(0))]
RUNS = [
    *((*series, False) for series in FIRST),
    *(pytest.param(*series, True, marks=pytest.mark.nightly) for series in SERIES),
]
CHECKER = Path(__file__).with_name("checker.py")


@pytest.mark.seconds(60)
@pytest.mark.parametrize(("framework", "series", "by_night"), RUNS)
def test_mypy_finds_nothing(
    framework: str,
    series: str,
    by_night: bool,
    request: pytest.FixtureRequest,
    renders: dict[Variant, Render],
    programs: Callable[[Variant], Path],
    tmp_path: Path,
) -> None:
    mine = {
        variant: files
        for variant, files in renders.items()
        if (variant.framework, variant.series) == (framework, series)
        and (by_night or is_seen_at_each_landing(variant))
    }
    chosen = different(mine) if by_night else covering(list(mine), Variant.live_part)
    bin = programs(next(iter(mine)))
    proofs = Proofs(PROOFS, again=request.config.option.everything)
    keys = {str(variant): proof_of(mine[variant], bin) for variant in chosen}
    todo = sorted(chosen, key=without_database)
    unknown = {str(v): mine[v] for v in todo if not proofs.knows(keys[str(v)])}
    start = time.monotonic()
    said = mypy(bin, unknown, tmp_path)
    for name in unknown:
        if not said[name]:
            proofs.remember(keys[name], f"types of {name}")
    whole = f"types of {framework} {series}: {len(unknown)} of {len(keys)} trees"
    request.node.user_properties.append((STEP, (whole, not unknown, time.monotonic() - start)))
    found = {f"{line} in {name}" for name, lines in said.items() for line in lines}
    assert not found, listing(found)


def is_seen_at_each_landing(variant: Variant) -> bool:
    is_first = (variant.framework, variant.series) in FIRST
    return variant.resources == SEEN_AT_A_LANDING and variant.is_asked_for and is_first


def without_database(variant: Variant) -> str:
    """Return what puts trees with the same apps after each other.

    For each other list of apps, Django's plugin makes mypy read the libraries anew.
    """
    return str(variant).replace(str(variant["database"]), "")


def test_mypy_finds_what_is_wrong(
    renders: dict[Variant, Render], programs: Callable[[Variant], Path], tmp_path: Path
) -> None:
    variant = next(v for v in renders if v.resources == "item")
    wrong = {**renders[variant], "app/wrong.py": 'number: int = "one"\n'}
    said = mypy(programs(variant), {"right": renders[variant], "wrong": wrong}, tmp_path)
    assert said["right"] == []
    assert ["app/wrong.py:1" in line for line in said["wrong"]] == [True]


def proof_of(files: Render, bin: Path) -> str:
    """Return the name of the proof that mypy finds nothing in these files."""
    tree = live({path: text.encode() for path, text in files.items()})
    checker = {CHECKER.name: CHECKER.read_bytes()}
    return key("types", tree=tree, environment=frozen(bin), suite=checker, server="none")


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


def mypy(bin: Path, projects: Mapping[str, Render], folder: Path) -> dict[str, list[str]]:
    """Return what mypy has against each of the projects, which one process looks at."""
    for name, files in projects.items():
        write_project(files, folder / name)
        for path, text in files.items():
            # mypy takes a file for the one in its cache that has its size and second of change.
            os.utime(folder / name / path, (0, crc32(text.encode())))
    cache = type_cache(bin).with_name(f"{type_cache(bin).name}-all")
    command = [bin / "python", "-P", CHECKER, cache, *(folder / name for name in projects)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, list[str]] = json.loads(result.stdout)
    return said
