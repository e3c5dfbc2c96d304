"""What cannot work is refused in one line that names the cure, and nothing changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.project.record import CHECKSUM, answers_checksum
from generator.versions.bundle import write_bundle
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

ANSWERS = ".copier-answers.yml"


@pytest.mark.parametrize(
    ("command", "reason", "cure"),
    [
        ("set framework=django", "cannot change its framework", "scaffold new NAME"),
        ("set databse=postgres", "no question 'databse'", "Did you mean database?"),
        ("set database=postgre", "'postgre' is not a valid database.", "Did you mean postgres?"),
        ("set docker=maybe", "neither yes nor no", "Write yes or no."),
        ("set project_name=json", "standard library", "Try my-json."),
        ("set resources=[]", "A project needs a resource.", "item title:str"),
        ("set docker", "has no value", "KEY=VALUE"),
        ("set colour=red", "Template v1.0.0 has no colour yet", "First: scaffold update"),
        ("add dokcer", "no feature 'dokcer'", "Did you mean docker?"),
        ("add ci", "several kinds of ci", "scaffold add github"),
        ("add github gitlab", "ci cannot be both github and gitlab", "Keep one"),
        ("remove gitlab", "ci is none", "scaffold remove ci"),
        ("update --to 9.9.9", "no version 9.9.9", "Possible: v1.0.0, v2.0.0."),
        ("update --continue", "There is no unfinished change", "scaffold status"),
        ("update --continue --abort", "exclude each other", "Keep one"),
        ("update --abort --dry-run", "--dry-run and --abort exclude", "Keep one"),
        ("update --continue --force", "--force and --continue exclude", "Keep one"),
        ("update --continue --to 2.0.0", "--to and --continue exclude", "Keep one"),
    ],
)
def test_a_wrong_use(shop: Shop, command: str, reason: str, cure: str) -> None:
    line = shop.failure(*command.split(" "))
    assert reason in line
    assert cure in line


@pytest.mark.parametrize(
    ("old", "new", "reason", "cure"),
    [
        ("docker: false", "docker: [1]", "docker cannot be a list", "scaffold set"),
        ("docker: false", "dokcer: false", "unknown key 'dokcer'", "mean docker?"),
        ("database: sqlite", "database: oracle", "'oracle' is not a valid database", "Restore"),
        (
            "docker: false",
            "<<<<<<< a\ndocker: x\n=======\n>>>>>>> b",
            "is not valid YAML",
            "git checkout",
        ),
        ("_commit: v1.0.0\n", "", "does not name a template version", "git checkout"),
        ("_commit: v1.0.0", "_commit: main", "does not name a template version", "git checkout"),
        ("_commit: v1.0.0", "_commit: v9.0.0", "A newer scaffold", "Upgrade scaffold"),
        ("_commit: v1.0.0", "_commit: v1.0.1.dev0+gabc", "is not stored here", "Copy"),
    ],
)
def test_answers_that_were_tampered_with(
    shop: Shop, old: str, new: str, reason: str, cure: str
) -> None:
    text = shop.read(ANSWERS).replace(old, new, 1)
    assert text != shop.read(ANSWERS)
    # Somebody who renewed the checksum too, or a version from before there was one.
    shop.write(ANSWERS, CHECKSUM.sub(f"# checksum: {answers_checksum(text)}", text))
    line = shop.failure("update")
    assert reason in line
    assert cure in line


def test_an_answers_file_that_was_edited_by_hand(shop: Shop) -> None:
    shop.replace(ANSWERS, "database: sqlite", "database: postgres")
    line = shop.failure("update")
    assert "was edited by hand" in line
    assert "scaffold set KEY=VALUE" in line
    shop.write(ANSWERS, shop.read(ANSWERS).replace("postgres", "sqlite").replace("\n", "\r\n"))
    shop.ok("status")


def test_an_answers_file_without_its_checksum(shop: Shop) -> None:
    shop.write(ANSWERS, CHECKSUM.sub("# ", shop.read(ANSWERS)))
    for command in ("update", "status", "set docker=yes"):
        assert "has no checksum. Restore it" in shop.failure(*command.split(" "))


@pytest.mark.parametrize("text", ["", "[]\n", "1: 2\n", "text\n"])
def test_an_answers_file_without_answers(shop: Shop, text: str) -> None:
    shop.write(ANSWERS, text)
    assert "contains no answers" in shop.failure("update")


def test_outside_of_a_project(scaffold: Scaffold) -> None:
    assert "This is not a scaffold project" in scaffold.refusal("update")


def test_a_missing_store_is_made_again(shop: Shop) -> None:
    shutil.rmtree(shop.home / ".local")
    shop.ok("update")


def test_a_store_that_is_broken(shop: Shop) -> None:
    (shop.home / ".local/share/scaffold/templates.bundle").write_text("broken\n")
    assert "is not a git bundle. It may hold versions" in shop.failure("update")


def test_a_store_that_is_cut_off(shop: Shop) -> None:
    (shop.home / ".local/share/scaffold/templates.bundle").write_text("# v2 git bundle\n")
    assert "is cut off. It may hold versions" in shop.failure("status")


def test_a_release_that_was_rewritten(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "templates").mkdir(parents=True)
    (other / "copier.yml").write_text("_subdirectory: templates\n")
    bundle = shop.home / ".local/share/scaffold/templates.bundle"
    bundle.unlink()
    write_bundle(bundle, [], (other, "v1.0.0"))
    line = shop.failure("update")
    assert "The store's v1.0.0 is not the v1.0.0 that was released." in line
    assert f"Move {bundle} away" in line


def test_an_unfinished_merge_of_git(shop: Shop) -> None:
    shop.git("checkout", "--quiet", "-b", "other")
    shop.write("README.md", "other\n")
    shop.commit()
    shop.git("checkout", "--quiet", "main")
    shop.write("README.md", "mine\n")
    shop.commit()
    with pytest.raises(Exception, match="returned non-zero"):
        shop.git("merge", "--quiet", "other")
    shop.replace("app/core/health.py", "async", "async  # mine\nasync")
    assert "README.md has an unresolved git conflict" in shop.failure("update")
