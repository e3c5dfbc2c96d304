"""Many projects at once: one table, and no failure that stops the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.cli.fleet import line_of
from generator.engine.fleet import run_all
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop


@pytest.fixture
def fleet(shop: Shop) -> Shop:
    """A folder with four projects: two pristine, one that will conflict, one that is broken."""
    root = shop.folder.with_name("fleet")
    root.mkdir()
    for name in ("broken", "clean", "conflict", "other"):
        shutil.copytree(shop.folder, root / name, symlinks=True)
    Shop(root / "broken", {}).write(".copier-answers.yml", "broken\n")
    conflicting = Shop(root / "conflict", shop.env)
    conflicting.write("app/core/health.py", "mine\n")
    conflicting.commit()
    return Shop(root, shop.env)


def states(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {Path(entry["path"]).name: entry["state"] for entry in answer["projects"]}


def test_every_project_is_updated_whatever_becomes_of_the_others(fleet: Shop) -> None:
    result = fleet("fleet", "update", ".")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["broken", "clean", "conflict", "other"]
    assert "contains no answers" in lines[0]
    assert lines[1].split()[1:5] == ["v1.0.0", "->", "v2.0.0", "done"]
    assert lines[2].endswith("conflicts  app/core/health.py")
    assert lines[4] == "1 failed, 2 done, 1 conflicts"
    assert (fleet.folder / "other" / "NEW.md").exists()


def test_run_again_it_goes_on_where_it_was(fleet: Shop) -> None:
    fleet.json("fleet", "update", "clean")
    assert states(fleet.json("fleet", "update", "clean", "conflict", "other")) == {
        "clean": "unchanged",
        "conflict": "conflicts",
        "other": "done",
    }
    assert fleet("fleet", "update", "clean", "conflict").returncode == 3
    assert states(fleet.json("fleet", "status", ".")) == {
        "broken": "failed",
        "clean": "newest",
        "conflict": "conflicts",
        "other": "newest",
    }


def test_a_dry_run_and_a_list_of_folders(fleet: Shop) -> None:
    fleet.write("list.txt", "# ours\nclean\n\nother\n")
    before = fleet.snapshot()
    answer = fleet.json("fleet", "update", "--from", "list.txt", "--dry-run", "--workers", "1")
    assert states(answer) == {"clean": "planned", "other": "planned"}
    assert fleet.snapshot() == before


def test_a_wrong_name_is_a_failure_among_the_others(fleet: Shop) -> None:
    fleet.write("list.txt", "clean\nnope\nclean/app\nother\n")
    result = fleet("fleet", "update", "--from", "list.txt")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["clean", "other", "nope", "app"]
    assert lines[2].endswith("failed  There is no scaffold project in nope.")
    assert lines[4] == "2 done, 2 failed"
    assert (fleet.folder / "other" / "NEW.md").exists()


def test_a_folder_without_projects_is_named(scaffold: Scaffold) -> None:
    result = scaffold("fleet", "status", ".")
    assert result.returncode == 1
    line, counts = result.stdout.splitlines()
    assert line.split() == [
        *("work", "failed"),
        *"There is no scaffold project in this folder.".split(),
    ]
    assert counts == "1 failed"


def test_no_name_at_all_is_refused(fleet: Shop) -> None:
    assert "No project is named" in fleet.failure("fleet", "status")


def test_a_project_named_twice_is_run_once(fleet: Shop) -> None:
    answer = fleet.json("fleet", "status", "clean", "other/../clean")
    assert states(answer) == {"clean": "behind"}
    assert len(answer["projects"]) == 1


def test_a_project_that_went_away_does_not_stop_the_others(tmp_path: Path) -> None:
    (result,) = run_all([tmp_path / "gone"], ["status"], workers=1)
    assert (result.state, "No such file" in line_of(result)[3]) == ("failed", True)


def test_listing_projects_never_imports_their_modules(fleet: Shop) -> None:
    project = Shop(fleet.folder / "clean", fleet.env)
    project.write("generator/__init__.py", "open('ran', 'w').close()\n")
    for module in ("yaml", "json", "types", "platform"):
        project.write(f"{module}.py", "open('ran', 'w').close()\n")
    assert states(fleet.json("fleet", "status", "clean")) == {"clean": "behind"}
    assert states(fleet.json("fleet", "update", "clean")) == {"clean": "done"}
    assert not (project.folder / "ran").exists()
