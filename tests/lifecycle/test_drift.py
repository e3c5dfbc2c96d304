"""What `status` and `diff` tell of a project, writing nothing."""

from __future__ import annotations

import subprocess

import pytest

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

MIGRATION = "migrations/versions/0001_initial.py"


def test_a_pristine_project_has_no_drift(shop: Shop) -> None:
    before = shop.snapshot()
    found = shop.json("status")
    assert (found["edited"], found["deleted"], found["own"]) == ([], [], [MIGRATION])
    assert (found["version"], found["newest"], found["waiting"]) == ("v1.0.0", "v2.0.0", None)
    assert shop.ok("diff") == ""
    assert shop.snapshot() == before


def test_edits_deletions_and_own_files_are_told_apart(shop: Shop) -> None:
    shop.write("app/main.py", shop.read("app/main.py") + "# mine\n")
    (shop.folder / "README.md").unlink()
    shop.write("own.txt", "own\n")
    shop.write(MIGRATION, "# mine\n")
    shop.write("app/__pycache__/x.pyc", "ignored by git")
    found = shop.json("status")
    assert (found["edited"], found["deleted"]) == (["app/main.py"], ["README.md"])
    assert found["own"] == [MIGRATION, "own.txt"]
    assert "app/main.py (+1 -0)" in shop.ok("status")


def test_line_ends_are_no_edits(shop: Shop) -> None:
    for path in ("README.md", "app/main.py"):
        shop.write(path, shop.read(path).replace("\n", "\r\n"))
    assert shop.json("status")["edited"] == []
    assert shop.ok("diff") == ""


@pytest.mark.posix("modes of files")
def test_the_edits_taken_back_are_the_pristine_project(shop: Shop) -> None:
    before = shop.snapshot()
    shop.write("app/main.py", "mine\n")
    (shop.folder / "README.md").unlink()
    (shop.folder / "AGENTS.md").chmod(0o755)
    patch = shop.ok("diff")
    subprocess.run(["git", "apply", "-R"], cwd=shop.folder, input=patch, text=True, check=True)
    assert shop.snapshot() == before


def test_a_diff_of_named_files_and_folders(shop: Shop) -> None:
    shop.write("app/main.py", "mine\n")
    shop.write("README.md", "mine\n")
    shop.write("own.txt", "own\n")
    inside = Shop(shop.folder / "migrations", shop.env)
    assert "README.md" not in inside.ok("diff", "../app")
    assert "+own\n" in shop.ok("diff", "own.txt")
    assert "own.txt" not in shop.ok("diff")
    assert "nope is not a file of the project" in shop.failure("diff", "nope")
    assert "is not in the project" in shop.failure("diff", "/etc/passwd")


def test_a_change_that_waits_is_shown(shop: Shop) -> None:
    shop.write("app/core/health.py", "mine\n")
    shop.commit()
    assert shop("update").returncode == 3
    assert "A scaffold update has conflicts" in shop.ok("status")
    assert states(shop)["app/core/health.py"] == "conflict"
    assert shop("status", "--check").returncode == 3


def states(shop: Shop) -> dict[str, str]:
    return {file["path"]: file["state"] for file in shop.json("status")["files"]}


def test_each_file_has_a_state(shop: Shop) -> None:
    shop.write("app/main.py", "mine\n")
    (shop.folder / "SECURITY.md").unlink()
    (shop.folder / "README.md").rename(shop.folder / "MANUAL.md")
    shop.write("own.txt", "own\n")
    found = shop.json("status")
    assert found["deleted"] == ["SECURITY.md"]
    assert found["own"] == [MIGRATION, "own.txt"]
    assert {file["path"]: file["state"] for file in found["files"]}.items() >= {
        ("app/main.py", "edited"),
        ("SECURITY.md", "deleted"),
        ("MANUAL.md", "moved"),
        ("own.txt", "own"),
        (MIGRATION, "own"),
        ("pyproject.toml", "unchanged"),
    }
    (moved,) = (file for file in found["files"] if file["state"] == "moved")
    assert moved["moved_from"] == "README.md"
    assert "MANUAL.md (was README.md)" in shop.ok("status")
    assert found["pristine"] == sum(file["state"] == "unchanged" for file in found["files"])


@pytest.mark.parametrize("drift", ["edited", "deleted", "moved"])
def test_drift_is_told_by_exit_code(shop: Shop, drift: str) -> None:
    shop.write("own.txt", "own\n")
    shop.write(MIGRATION, "# mine\n")
    assert shop("status", "--check").returncode == 0
    assert shop("diff", "--exit-code").returncode == 0
    if drift == "edited":
        shop.write("README.md", "mine\n")
    elif drift == "deleted":
        (shop.folder / "README.md").unlink()
    else:
        (shop.folder / "README.md").rename(shop.folder / "MANUAL.md")
    assert shop("status", "--check", "--json").returncode == 5
    assert shop("diff", "--exit-code").returncode == 5
    assert shop("diff", "--exit-code", "app").returncode == 0
    assert (shop("status").returncode, shop("diff").returncode) == (0, 0)


@pytest.mark.parametrize(
    "command", [["status"], ["diff"], ["update", "--check"], ["fleet", "status", "."]]
)
def test_what_only_reads_needs_no_home_that_can_be_written(
    scaffold: Scaffold, command: list[str]
) -> None:
    scaffold.ok("new", "shop")
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    expected = shop.ok(*command)
    file = scaffold.folder / "file"
    file.touch()
    assert shop.ok(*command, HOME=str(file)) == expected
