"""Files that the owner has updates leave alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.lifecycle.conftest import Shop

EDITED = "app/core/health.py"  # version two changes its first line
RECORD = ".scaffoldignore"


def test_an_update_leaves_skipped_files_alone_and_says_so(shop: Shop) -> None:
    shop.write(EDITED, "mine\n")
    assert "/app/core/health.py: 1 file. Updates leave them alone." in shop.ok("skip", EDITED)
    shop.ok("skip", "pyproject.toml", "AGENTS.md", "NEW.md")
    shop.commit()
    kept = {path: shop.read(path) for path in (EDITED, "pyproject.toml", "AGENTS.md")}
    told = shop.json("update")
    assert told["state"] == "done"
    assert {path: shop.read(path) for path in kept} == kept
    assert not (shop.folder / "NEW.md").exists()
    assert told["good_to_know"] == [
        "colour is new and is green; scaffold set colour=... changes it.",
        f"Changed in the template, and left alone as skipped: AGENTS.md, {EDITED}, pyproject.toml.",
        "New in the template, and not added as skipped: NEW.md.",
    ]
    assert "is already up to date" in shop.ok("update")


def test_other_changes_leave_skipped_files_alone_too(shop: Shop) -> None:
    shop.ok("add", "docker")
    shop.write("Dockerfile", "mine\n")
    shop.ok("skip", "Dockerfile", "README.md")
    shop.commit()
    readme = shop.read("README.md")
    shop.ok("remove", "docker")
    assert (shop.read("Dockerfile"), shop.read("README.md")) == ("mine\n", readme)
    assert not (shop.folder / "compose.yaml").exists()
    shop.ok("set", "database=postgres", "--yes")
    assert shop.read("README.md") == readme


def test_status_and_diff_do_not_take_skipped_files_for_edits(shop: Shop) -> None:
    shop.write(EDITED, "mine\n")
    (shop.folder / "AGENTS.md").unlink()
    shop.ok("skip", EDITED, "AGENTS.md")
    found = shop.json("status")
    assert (found["edited"], found["deleted"]) == ([], [])
    states = {file["path"]: file["state"] for file in found["files"]}
    assert (states[EDITED], states["AGENTS.md"]) == ("skipped", "skipped")
    assert f"    2 skipped\n        AGENTS.md\n        {EDITED}\n" in shop.ok("status")
    assert shop("status", "--check").returncode == 0
    assert shop.ok("diff") == ""
    assert "+mine" in shop.ok("diff", EDITED)


def test_a_folder_and_a_pattern(shop: Shop) -> None:
    assert shop.json("skip", "app/core", "*.md")["patterns"] == ["/app/core", "*.md"]
    assert "Skipped already" in shop.ok("skip", "app/core/")
    shop.ok("update")
    assert not (shop.folder / "NEW.md").exists()
    assert (shop.folder / "AGENTS.md").exists()
    assert (shop.folder / "app/core/etag.py").exists()
    assert not (shop.folder / "app/core/entity_tags.py").exists()
    assert '"two>=2"' in shop.read("pyproject.toml")


def test_a_moved_file_that_is_skipped_gets_no_changes(shop: Shop) -> None:
    shop.git("mv", EDITED, "app/status.py")
    shop.ok("skip", "app/status.py")
    shop.commit()
    before = shop.read("app/status.py")
    shop.ok("update")
    assert shop.read("app/status.py") == before


def test_paths_are_seen_from_the_current_folder(shop: Shop) -> None:
    inside = Shop(shop.folder / "migrations", shop.env)
    inside.ok("skip", "env.py", "../README.md")
    assert shop.read(RECORD).splitlines()[1:] == ["/migrations/env.py", "/README.md"]
    inside.ok("unskip", "env.py")
    assert shop.read(RECORD).splitlines()[1:] == ["/README.md"]


def test_unskip_takes_it_back_and_updates_reach_the_file_again(shop: Shop) -> None:
    before = shop.snapshot()
    shop.ok("skip", EDITED, "*.md")
    assert shop.json("unskip", EDITED)["files"] == [EDITED]
    shop.ok("unskip", "*.md")
    assert shop.snapshot() == before
    shop.ok("update")
    assert shop.read(EDITED).startswith('"""Version two. ')


def test_lines_of_the_owners_in_the_record_stay(shop: Shop) -> None:
    shop.write(RECORD, "# Ours.\r\n/README.md\r\n")
    shop.ok("skip", EDITED)
    assert shop.read(RECORD) == "# Ours.\r\n/README.md\r\n/app/core/health.py\r\n"
    shop.ok("unskip", "README.md")
    assert shop.read(RECORD) == "# Ours.\r\n/app/core/health.py\r\n"


@pytest.mark.posix("names of files")
def test_a_name_with_wildcards_is_that_file(shop: Shop) -> None:
    shop.write("a[b]*.md", "mine\n")
    assert shop.json("skip", "a[b]*.md")["patterns"] == ["/a\\[b]\\*.md"]
    shop.ok("unskip", "a[b]*.md")


def test_copier_leaves_the_record_alone(shop: Shop) -> None:
    shop.ok("skip", "README.md")
    shop.commit()
    record = shop.read(RECORD)
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]
    subprocess.run(command, cwd=shop.folder, env=shop.env, check=True)
    assert shop.read(RECORD) == record
    assert shop.json("status")["skipped"] == ["README.md"]


@pytest.mark.parametrize(
    ("command", "reason", "cure"),
    [
        ("skip nope.py", "nope.py is not a file of the project or its template", "scaffold status"),
        ("skip README.md nope.py", "nope.py is not a file", "scaffold status"),
        ("skip *.rs", "*.rs is not a file of the project", "scaffold status"),
        ("skip .copier-answers.yml", "is scaffold's own record", "other files"),
        ("skip /etc/passwd", "/etc/passwd is not in the project", "Name a file in it."),
        ("skip ../other.py", "other.py is not in the project", "Name a file in it."),
        ("skip [z-a]", "[z-a] is not a pattern", "as git reads it"),
        ("unskip README.md", "README.md is not skipped", RECORD),
        ("unskip ../other.py", "other.py is not in the project", "Name a file in it."),
    ],
)
def test_a_wrong_use(shop: Shop, command: str, reason: str, cure: str) -> None:
    line = shop.failure(*command.split(" "))
    assert reason in line
    assert cure in line
    assert shop(*command.split(" ")).returncode == 2


def test_a_file_that_a_pattern_skips_is_not_unskipped_alone(shop: Shop) -> None:
    shop.ok("skip", "*.md")
    line = shop.failure("unskip", "README.md")
    assert line.endswith("README.md is skipped by the pattern *.md. Write: scaffold unskip '*.md'")


def test_a_record_that_cannot_be_read(shop: Shop) -> None:
    shop.write(RECORD, "/README.md\n[z-a]\n")
    for command in ("update", "status", "skip app"):
        line = shop.failure(*command.split(" "))
        assert "Line 2 of .scaffoldignore is not a pattern: [z-a] Correct it" in line
    (shop.folder / RECORD).write_bytes(b"\xff\n")
    assert ".scaffoldignore is not UTF-8 text" in shop.failure("update")


def test_nothing_is_skipped_while_a_change_waits(shop: Shop) -> None:
    shop.write(EDITED, "mine\n")
    shop.commit()
    assert shop("update").returncode == 3
    assert "has conflicts in" in shop.failure("skip", "README.md")
