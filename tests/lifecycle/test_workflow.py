"""The weekly workflow: its scripts, run as GitHub would, with a `gh` that writes down its calls."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.conftest import COMMAND
from tests.lifecycle.conftest import Shop

pytestmark = pytest.mark.posix("the workflow's scripts are for bash")

WORKFLOW = ".github/workflows/update.yml"


@dataclass
class Runner:
    """A machine of GitHub's: the project checked out, and what its programs were called with."""

    shop: Shop
    temp: Path

    def step(self, name: str, **env: str) -> dict[str, str]:
        """Run the step of this name; return its outputs."""
        steps = yaml.safe_load(self.shop.read(WORKFLOW))["jobs"]["update"]["steps"]
        (script,) = (step["run"] for step in steps if step.get("name") == name)
        output = self.temp / "output"
        output.write_text("")
        paths = {"GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(self.temp)}
        search = f"{self.temp}:{self.shop.env['PATH']}"
        subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.shop.folder, check=True, capture_output=True,
            env={**self.shop.env, **paths, "PATH": search, "BRANCH": "scaffold-update", **env},
        )  # fmt: skip
        return dict(line.split("=") for line in output.read_text().splitlines())

    def program(self, name: str, script: str) -> None:
        (self.temp / name).write_text(f"#!/bin/bash\n{script}\n")
        (self.temp / name).chmod(0o755)

    @property
    def calls(self) -> str:
        return (self.temp / "calls").read_text()


@pytest.fixture
def runner(shop: Shop, tmp_path: Path) -> Runner:
    shop.ok("add", "github")
    shop.commit()
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", origin], check=True)
    shop.git("remote", "add", "origin", str(origin))
    runner = Runner(shop, tmp_path / "runner")
    runner.temp.mkdir()
    runner.program("uvx", f'[ "$1 $2" = "--from here" ] && exec {shlex.join(COMMAND)} "${{@:4}}"')
    calls, opened = runner.temp / "calls", runner.temp / "open"
    runner.program("gh", f'echo "$@" >> {calls}; [ "$1 $2" != "pr list" ] || cat {opened}')
    opened.touch()
    return runner


def test_an_update_becomes_a_pull_request(runner: Runner) -> None:
    assert runner.step("Update", SCAFFOLD="here") == {"changed": "yes"}
    runner.step("Open a pull request", DRAFT="", TESTS="success")
    assert "pr create --title Update from the template" in runner.calls
    body = (runner.temp / "body.md").read_text()
    assert "Tests: success." in body
    assert "Tell everybody." in body
    shop = runner.shop
    assert "New in shop" in shop.git("show", "origin/scaffold-update:NEW.md")
    assert shop.git("status", "--porcelain") == ""


def test_the_pull_request_that_is_open_is_renewed_unless_somebody_has_worked_on_it(
    runner: Runner,
) -> None:
    (runner.temp / "open").write_text("7\n")
    shop = runner.shop
    shop.git("push", "--quiet", "origin", "HEAD:scaffold-update")
    assert runner.step("Update", SCAFFOLD="here") == {"changed": "yes"}
    runner.step("Open a pull request", DRAFT="", TESTS="success")
    assert "pr edit" not in runner.calls
    assert "NEW.md" not in shop.git("ls-tree", "-r", "origin/scaffold-update")

    shop.git("push", "--quiet", "--force", "origin", "HEAD:scaffold-update")
    shop.git("switch", "--quiet", "-")
    shop.git("branch", "-D", "scaffold-update")
    assert runner.step("Update", SCAFFOLD="here") == {"changed": "yes"}
    runner.step("Open a pull request", DRAFT="", TESTS="success")
    assert "pr edit 7 --body-file" in runner.calls
    assert "pr create" not in runner.calls


def test_conflicts_are_shown_in_a_draft(runner: Runner) -> None:
    runner.shop.write("app/core/health.py", "mine\n")
    runner.shop.commit()
    assert runner.step("Update", SCAFFOLD="here") == {"changed": "yes", "draft": "--draft"}
    runner.step("Open a pull request", DRAFT="--draft", TESTS="skipped")
    assert "pr create --draft --title" in runner.calls
    shown = runner.shop.git("show", "origin/scaffold-update:app/core/health.py")
    assert "<<<<<<< yours\nmine\n" in shown
    assert ".scaffold-update" not in runner.shop.git("ls-tree", "-r", "origin/scaffold-update")


def test_without_news_nothing_is_opened(runner: Runner) -> None:
    runner.shop.ok("update")
    runner.shop.commit()
    assert runner.step("Update", SCAFFOLD="here") == {}


def test_in_a_folder_of_a_repository_the_pull_request_has_the_workflows_that_run(
    runner: Runner,
) -> None:
    root = runner.shop.folder.with_name("repository")
    runner.shop.folder.rename(root)
    (root / "api").mkdir()
    for path in root.iterdir():
        if path.name not in {".git", "api"}:
            path.rename(root / "api" / path.name)
    shop = Shop(root / "api", runner.shop.env)
    shop.ok("set", "folder=api", "--yes")
    (root / ".github/workflows").mkdir(parents=True)
    for name in ("ci", "update"):
        shop.write(f"../.github/workflows/api-{name}.yml", "old\n")
    shop.commit()
    runner = Runner(shop, runner.temp)
    assert runner.step("Update", SCAFFOLD="here", GITHUB_WORKSPACE=str(root)) == {"changed": "yes"}
    runner.step("Open a pull request", DRAFT="", TESTS="success", BRANCH="scaffold-update-api")
    assert "pr create --title Update api from the template" in runner.calls
    pushed = "origin/scaffold-update-api"
    assert "New in shop" in shop.git("show", f"{pushed}:api/NEW.md")
    for name in ("ci", "update"):
        copy = shop.git("show", f"{pushed}:.github/workflows/api-{name}.yml")
        assert copy == shop.read(f".github/workflows/{name}.yml")
    assert shop.git("status", "--porcelain") == ""


def test_it_waits_for_somebody_to_say_where_scaffold_comes_from(runner: Runner) -> None:
    assert yaml.safe_load(runner.shop.read(WORKFLOW))["jobs"]["update"]["if"] == (
        "vars.SCAFFOLD != ''"
    )
