"""A small template, and `scaffold validate` run in its folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scaffold

QUESTIONS = """\
_subdirectory: template
database: {type: str, choices: [sqlite, postgres], default: sqlite}
docs: {type: bool, default: false}
"""
FILES = {
    "copier.yml": QUESTIONS,
    "template/app.py.jinja": 'DATABASE = "{{ database }}"\nDOCS = {{ docs }}\n',
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
}
ALL = {"default", "docs", "postgres", "postgres+docs"}


class Validate(Scaffold):
    """`scaffold validate`, run in the folder of a template."""

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def commit(self, message: str = "More") -> None:
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "-qm", message]):
            subprocess.run(["git", "-C", self.folder, *arguments], env=self.env, check=True)

    def report(self, *arguments: str) -> dict[str, Any]:
        """Return what `--json` prints; the exit code says the same."""
        result = self("validate", *arguments, "--json", "-")
        report = json.loads(result.stdout)
        assert result.returncode == (0 if report["passed"] else 1), result.stderr
        return dict(report)

    def failures(self, *arguments: str) -> list[str]:
        """Return what failed: the step and what is wrong."""
        found = self.report(*arguments)["results"]
        return [f"{one['step']}: {one['text']}" for one in found if one["state"] == "failed"]

    def wrong(self, *arguments: str) -> str:
        """Return the one line of a wrong use."""
        result = self("validate", *arguments)
        assert result.returncode == 2, result.stdout + result.stderr
        return [line for line in result.stderr.splitlines() if line.startswith("Error: ")][-1]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


@pytest.fixture
def template(tmp_path: Path, env: dict[str, str]) -> Validate:
    """A template with two questions, which four variants answer."""
    folder = tmp_path / "template"
    folder.mkdir()
    made = Validate(folder, {**env, "TMPDIR": str(tmp_path)})
    made.write(FILES)
    return made
