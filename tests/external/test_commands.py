"""The other commands in projects of other people's templates: fleet, skip, doctor, schema."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, make_project


@pytest.fixture
def fleet(
    scaffold: Scaffold, copier_template: Repository, cookiecutter_template: Repository
) -> Scaffold:
    """A folder with three projects: of copier, of cookiecutter, and one that will conflict."""
    copied = f"{copier_template.folder}@v1.0.0"
    baked = f"file://{cookiecutter_template.folder}@v1.0.0"
    for name, where in (("baked", baked), ("clash", copied), ("copied", copied)):
        scaffold.ok("new", name, "-t", where, "--yes", "--no-hooks")
    clash = Made(scaffold.folder / "clash", scaffold.env)
    clash.replace("README.md", "\none\n", "\nmine\n")
    clash.commit()
    copier_template.release(
        "v1.1.0", copier_template.edit("template/README.md.jinja", "one", "ONE")
    )
    path = "{{cookiecutter.slug}}/README.md"
    cookiecutter_template.release("v1.1.0", cookiecutter_template.edit(path, "one", "ONE"))
    return scaffold


def states(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {Path(entry["path"]).name: entry["state"] for entry in answer["projects"]}


def test_projects_of_all_engines_are_in_one_table(fleet: Scaffold) -> None:
    said = fleet.ok("fleet", "status", ".", "--no-hooks").splitlines()
    assert [line.split()[:3] for line in said[:3]] == [
        ["baked", "v1.0.0", "behind"],
        ["clash", "v1.0.0", "behind"],
        ["copied", "v1.0.0", "behind"],
    ]


def test_a_branch_and_a_commit_are_made_where_something_changed(fleet: Scaffold) -> None:
    words = ["--branch", "template", "--commit", "--no-hooks"]
    told = fleet.json("fleet", "update", ".", *words)
    assert states(told) == {"baked": "done", "clash": "conflicts", "copied": "done"}
    for name in ("baked", "copied"):
        made = Made(fleet.folder / name, fleet.env)
        assert made.git("branch", "--show-current") == "template"
        assert made.git("status", "--porcelain") == ""
        message = made.git("log", "-1", "--format=%B")
        assert message.startswith("Update the template from v1.0.0 to v1.1.0\n\n")
        assert "2 files changed" in message
    clash = Made(fleet.folder / "clash", fleet.env)
    assert clash.git("branch", "--show-current") == "main"
    assert clash.git("branch", "--list", "template") == ""
    assert clash.git("status", "--porcelain") == ""
    assert "mine" in clash.read("README.md")


def test_a_check_runs_in_each_project_that_changed(fleet: Scaffold) -> None:
    check = "grep -q site.py README.md || { echo no site; exit 7; }"
    result = fleet("fleet", "update", "copied", "baked", "--no-hooks", "--exec", check)
    assert result.returncode == 1
    assert result.stdout.count("check failed") == 3
    assert "ended with 7: no site" in result.stdout


def test_uncommitted_changes_keep_a_project_out(fleet: Scaffold) -> None:
    (fleet.folder / "copied" / "new.txt").write_text("mine\n")
    told = fleet.json("fleet", "update", "copied", "--branch", "x", "--commit")
    assert states(told) == {"copied": "failed"}
    assert "uncommitted changes" in told["projects"][0]["error"]["message"]


def test_a_fleet_of_twenty_fetches_their_template_once(fleet: Scaffold, tmp_path: Path) -> None:
    for number in range(19):
        shutil.copytree(fleet.folder / "baked", fleet.folder / f"baked-{number}")
    trace = tmp_path / "trace.txt"
    result = fleet("fleet", "status", ".", "--no-hooks", GIT_TRACE=str(trace))
    assert result.returncode == 0, result.stderr
    fetches = [line for line in trace.read_text().splitlines() if "fetch --quiet --prune" in line]
    assert len([line for line in fetches if "built-in: git fetch" in line]) == 1
    assert result.stdout.endswith("\n22 behind\n")


def test_cruft_records_what_is_skipped(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    site = make_project(scaffold, cookiecutter_template)
    said = site.ok("skip", "README.md")
    assert "Updates leave them alone. .cruft.json records it; commit it." in said
    assert json.loads(site.read(".cruft.json"))["skip"] == ["README.md"]
    site.ok("unskip", "README.md")
    assert "skip" not in json.loads(site.read(".cruft.json"))


def test_copier_projects_have_a_file_of_ours_for_that(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    site.ok("skip", "README.md")
    assert site.read(".scaffoldignore").endswith("\n/README.md\n")


def test_doctor_looks_at_git_and_the_template(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    assert "The template is the newest, v1.0.0" in site.ok("doctor")
    copier_template.release("v1.1.0", {"template/new.txt": "new\n"})
    assert "v1.1.0 is available" in site("doctor").stdout


def test_the_questions_of_a_template_are_shown(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    where = str(copier_template.folder)
    told = scaffold.json("schema", "--template", where)
    assert (told["engine"], told["version"]) == ("copier", "v1.0.0")
    asked = {question["name"]: question for question in told["questions"]}
    assert asked["parts"]["multiselect"] is True
    assert asked["theme"]["when"] == "{{ docs }}"
    assert asked["port"] | {"default": 8000, "type": "int"} == asked["port"]
    assert "  port          int, by default 8000\n" in scaffold.ok("schema", "-t", where)


@pytest.mark.parametrize("command", ["dev", "test", "uv"])
def test_commands_for_our_own_projects_say_so(
    scaffold: Scaffold, copier_template: Repository, command: str
) -> None:
    site = make_project(scaffold, copier_template)
    assert "know projects of scaffold's own template" in site.failure(command)
