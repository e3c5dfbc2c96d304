"""Which tests run, in which order, and what is said of steps in the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest
from tests.plugin import STEP

def test_short(): ...

@pytest.mark.seconds(5)
def test_long(record_property):
    record_property(STEP, ("drift of a shop", False, 4.2))

@pytest.mark.nightly
def test_by_night(record_property):
    record_property(STEP, ("contract of a shop", True, 0.0))
"""


@pytest.fixture
def run(tmp_path: Path) -> list[str]:
    (tmp_path / "test_them.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.plugin", "--rootdir", str(tmp_path)]
    return [*command, "-c", "/dev/null", "-n0", "-v", str(tmp_path)]


def said(run: list[str], *options: str) -> str:
    return subprocess.check_output([*run, *options], cwd=ROOT, text=True)


def test_what_is_for_the_night_is_left_out(run: list[str]) -> None:
    assert "2 passed, 1 deselected" in said(run)


@pytest.mark.parametrize("options", [["--all"], ["-m", "nightly or not nightly"]])
def test_what_is_for_the_night_runs_when_it_is_asked_for(
    run: list[str], options: list[str]
) -> None:
    assert "3 passed" in said(run, *options)


def test_the_longest_begin_first(run: list[str]) -> None:
    output = said(run)
    assert output.index("test_long") < output.index("test_short")


def test_new_proofs_are_listed_and_known_ones_counted(run: list[str]) -> None:
    output = said(run, "--all")
    assert "1 proven anew, 1 known" in output
    assert "  4.2 s  drift of a shop" in output
