"""Every planted fault is caught by the test that it names, and by nothing but the fault."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .engine import FAULTS as ENGINE
from .fault import Fault
from .templates import FAULTS as TEMPLATES
from .templates import RENDERED

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).parents[2]
PARTS = ("generator", "templates", "releases", "tests", "docs", "benchmarks")
FILES = ("copier.yml", "scaffold.yml", "validate.toml", "pyproject.toml", "README.md")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository to plant a fault in."""
    ignored = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    for file in FILES:
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


def run_tests(root: Path, *tests: str) -> tuple[int, str]:
    options = ("-q", "-p", "no:cacheprovider", "-n", "0", "-m", "nightly or not nightly")
    return run(root, "pytest", *options, *tests)


@pytest.mark.parametrize("fault", [*ENGINE, *RENDERED], ids=str)
def test_a_fault_is_caught_by_the_test_that_it_names(fault: Fault, copy: Path) -> None:
    fault.plant(copy)
    code, said = run_tests(copy, "-x", fault.caught_by)
    assert code == 1, said


def test_the_tests_that_catch_faults_pass_without_one(copy: Path) -> None:
    code, said = run_tests(copy, *sorted({fault.caught_by for fault in [*ENGINE, *RENDERED]}))
    assert code == 0, said


@pytest.mark.parametrize("fault", TEMPLATES, ids=str)
def test_a_fault_in_a_template_is_caught_by_the_step_that_it_names(
    fault: Fault, copy: Path, tmp_path: Path
) -> None:
    fault.plant(copy)
    words = ["" if fault.framework == "fastapi" else fault.framework, fault.options]
    variant = "+".join(filter(None, words)) or "default"
    step = f"drift-{fault.framework}" if fault.step == "drift" else fault.step
    out = tmp_path / "out.json"
    options = ("--tier", "1", "--variant", variant, "--step", step, "--json", str(out))
    code, said = run(copy, "generator", "validate", *options)
    assert code == 1, said
    results = json.loads(out.read_text(encoding="utf-8"))["results"]
    failed = {one["step"]: one["output"] for one in results if one["state"] == "failed"}
    assert failed.keys() == {step}
    assert [line for line in failed[step].splitlines() if fault.caught_by in line], said
