"""The code of this repository is linted, formatted and typed."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.seconds(15)
@pytest.mark.parametrize(
    "command",
    [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)],
    ids=" ".join,
)
def test_the_tool_has_nothing_to_say(command: tuple[str, ...]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


PROGRAMS = {
    "lint-imports": [],
    "zizmor": ["--offline", "--no-progress", "--format=plain", ".github"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_imports_keep_the_borders_and_workflows_are_safe(program: str) -> None:
    command = [Path(sysconfig.get_path("scripts")) / program, *PROGRAMS[program]]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    command = last.removesuffix(' "$@"')
    assert command.startswith("python3 -m venv")
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
