"""A project in a folder of a repository: its CI is made for that, and its host reads it."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

pytestmark = pytest.mark.posix("the printed commands are for a shell")

PROGRAMS = Path(sysconfig.get_path("scripts"))
CI = ".github/workflows/ci.yml"
ROOT_CI = ".github/workflows/services-api-ci.yml"
ROOT_UPDATE = ".github/workflows/services-api-update.yml"


def check(*command: str | Path) -> None:
    """Hold that a program of this environment is content."""
    program = [PROGRAMS / command[0], *command[1:]]
    result = subprocess.run(program, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def type_in(folder: Path, command: str) -> None:
    subprocess.run(["sh", "-ec", command], cwd=folder, check=True)


def cure(shop: Shop) -> str:
    """Return what doctor says is to do for the CI, nothing where that is in order."""
    found = [f for f in shop.json("doctor")["findings"] if f["what"].startswith("CI ")]
    assert all(finding["state"] == "problem" for finding in found)
    return " && ".join(finding["cure"] for finding in found)


@pytest.fixture
def repository(scaffold: Scaffold) -> Path:
    """The folder of a repository, with a folder for services in it."""
    subprocess.run(["git", "init", "--quiet", scaffold.folder], check=True)
    (scaffold.folder / "services").mkdir()
    return scaffold.folder


def make(scaffold: Scaffold, *options: str) -> tuple[Shop, list[str]]:
    """Make the project services/api; return it and what was noted."""
    services = Scaffold(scaffold.folder / "services", scaffold.env)
    notes = services.json("new", "api", *options)["notes"]
    shop = Shop(services.folder / "api", scaffold.env)
    shop.commit()
    return shop, notes


def test_a_workflow_works_and_watches_in_the_folder_and_the_command_puts_it_at_the_root(
    scaffold: Scaffold, repository: Path
) -> None:
    shop, notes = make(scaffold, "--ci", "github", "--docker")
    (command,) = (note.split(": ", 1)[1] for note in notes if note.startswith("CI runs only"))
    type_in(repository / "services", command)
    workflow = yaml.safe_load((repository / ROOT_CI).read_text())
    assert workflow["name"] == "services-api-ci"
    assert workflow["defaults"]["run"]["working-directory"] == "services/api"
    assert workflow[True]["pull_request"]["paths"] == ["services/api/**", ROOT_CI]
    assert (repository / ROOT_UPDATE).read_bytes() == shop.read(
        ".github/workflows/update.yml"
    ).encode()
    files = sorted((repository / ".github/workflows").iterdir())
    check("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)
    check("zizmor", "--offline", "--no-progress", *files)
    assert cure(shop) == ""


def test_a_pipeline_of_gitlab_is_included_by_the_line_that_is_printed(
    scaffold: Scaffold, repository: Path
) -> None:
    (repository / ".gitlab-ci.yml").write_text("lint:\n  script: [make lint]\n")
    shop, notes = make(scaffold, "--ci", "gitlab", "--docker")
    (command,) = (note.split(": ", 1)[1] for note in notes if note.startswith("CI runs only"))
    type_in(repository / "services", command)
    root, own = repository / ".gitlab-ci.yml", shop.folder / ".gitlab-ci.yml"
    job = yaml.safe_load(root.read_text())["services-api"]
    assert job["trigger"]["include"] == "services/api/.gitlab-ci.yml"
    assert job["rules"] == [{"if": "$CI_COMMIT_BRANCH", "changes": ["services/api/**/*"]}]
    pipeline = yaml.safe_load(own.read_text())
    assert pipeline["default"]["before_script"][0] == "cd services/api"
    assert pipeline["docker-image"]["script"] == ["docker build services/api"]
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    check("check-jsonschema", *schema, root, own)
    assert cure(shop) == ""


def test_ci_that_is_added_later_is_the_same(scaffold: Scaffold, repository: Path) -> None:
    shop, _ = make(scaffold, "--ci", "github")
    chosen = shop.read(CI)
    step = shop.json("set", "ci=gitlab")["you_must_do"]
    assert any("echo 'services-api: {rules:" in line for line in step)
    shop.commit()
    shop.ok("remove", "ci")
    assert "folder" not in shop.read(".copier-answers.yml")
    shop.commit()
    (step,) = (line for line in shop.json("add", "github")["you_must_do"] if ROOT_CI in line)
    assert f"cp {CI} ../../{ROOT_CI}" in step
    assert shop.read(CI) == chosen


def test_a_copy_that_is_behind_is_found_and_one_that_is_left_over_too(
    scaffold: Scaffold, repository: Path
) -> None:
    shop, _ = make(scaffold, "--ci", "github")
    type_in(shop.folder, cure(shop))
    shop.replace(CI, "# Jobs of your own", "# Jobs of our own")
    assert cure(shop) == f"mkdir -p ../../.github/workflows && cp {CI} ../../{ROOT_CI}"
    type_in(shop.folder, cure(shop))
    shop.replace(CI, "# Jobs of our own", "# Jobs of your own")
    shop.commit()
    steps = shop.json("remove", "github")["you_must_do"]
    assert f"The root of the repository still has a copy of the CI: rm ../../{ROOT_CI}" in steps


def test_a_project_that_moves_to_a_repository_of_its_own_is_told_how_its_ci_follows(
    scaffold: Scaffold, repository: Path
) -> None:
    shop, _ = make(scaffold, "--ci", "github")
    moved = Shop(scaffold.folder.with_name("api"), scaffold.env)
    shop.folder.rename(moved.folder)
    moved.git("init", "--quiet")
    moved.commit()
    assert cure(moved) == "scaffold set folder="
    moved.ok("set", "folder=")
    assert cure(moved) == ""
    assert "working-directory" not in moved.read(CI)


def test_in_a_folder_whose_name_means_something_to_a_shell_no_ci_is_made_up(
    scaffold: Scaffold, repository: Path
) -> None:
    (repository / "services").rename(repository / "our $services")
    services = Scaffold(repository / "our $services", scaffold.env)
    notes = services.json("new", "api", "--ci", "github")["notes"]
    assert any(note.startswith("CI cannot be made for our $services/api") for note in notes)


def test_a_repository_of_its_own_knows_of_no_folder(scaffold: Scaffold) -> None:
    scaffold.ok("new", "shop", "--ci", "github")
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    assert "folder" not in shop.read(".copier-answers.yml")
    assert "working-directory" not in shop.read(CI)
    assert cure(shop) == ""
