"""A template whose questions change, and the projects that answered the old ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.versions.release import release
from tests.lifecycle.conftest import Shop, World

QUESTIONS = "templates/_shared/questions"


@pytest.fixture
def root(world: World, shop: Shop, tmp_path: Path) -> Path:
    """A checkout where a third version can be made, which the project is then updated with."""
    root = tmp_path / "checkout"
    shutil.copytree(world.checkout, root)
    shop.env["PYTHONPATH"] = str(root)
    shop.ok("set", "author=Ada")
    shop.commit()
    return root


def replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_question_that_is_renamed_keeps_its_answer(shop: Shop, root: Path) -> None:
    replace(root / QUESTIONS / "project.yml", "\nauthor:", "\nkeeper:")
    replace(root / QUESTIONS / "project.yml", "help: Author\n  default: \"\"",
            "help: Author\n  default: \"{{ author | default('') }}\"")  # fmt: skip
    replace(root / "templates/_shared/pyproject.toml.jinja", "if author", "if keeper")
    replace(root / "templates/_shared/pyproject.toml.jinja", "= {{ author", "= {{ keeper")
    release(root, "v3.0.0")
    manifest = shop.read("pyproject.toml")
    told = shop.json("update")["good_to_know"]
    answers = shop.read(".copier-answers.yml")
    assert "keeper: Ada\n" in answers
    assert "author:" not in answers
    assert 'authors = [{ name = "Ada" }]' in manifest
    assert 'authors = [{ name = "Ada" }]' in shop.read("pyproject.toml")
    assert "The template no longer asks for author." in told
    assert "keeper is new and is Ada; scaffold set keeper=... changes it." in told


def test_a_version_that_needs_a_newer_scaffold_says_how_to_upgrade(shop: Shop, root: Path) -> None:
    manifest = root / "scaffold.yml"
    needed = re.sub(r"(?m)^min_scaffold: .*", 'min_scaffold: "99.0.0"', manifest.read_text())
    manifest.write_text(needed)
    release(root, "v3.0.0")
    line = shop.failure("update")
    assert "This template needs scaffold 99.0.0 or newer" in line
    assert "Upgrade scaffold: " in line


def test_a_version_without_a_manifest_is_judged_by_the_packaged_one(shop: Shop, root: Path) -> None:
    manifest = (root / "scaffold.yml").read_text()
    (root / "scaffold.yml").unlink()
    release(root, "v3.0.0")
    (root / "scaffold.yml").write_text(manifest)
    shop.ok("update", "--to", "v3.0.0")
    shop.commit()
    resources = "resources=[{name: query, fields: [{name: title, type: str}]}]"
    assert "a library of the project has something of that name" in shop.failure("set", resources)


def test_a_choice_that_is_gone_is_told_with_its_cure(shop: Shop, root: Path) -> None:
    replace(root / QUESTIONS / "stack.yml", "    SQLite, a local file: sqlite\n", "")
    replace(root / QUESTIONS / "stack.yml", "default: sqlite", "default: postgres")
    release(root, "v3.0.0")
    line = shop.failure("update")
    assert "'sqlite' is not a valid database." in line
    assert "First: scaffold set database=..." in line
    shop.ok("set", "database=postgres")
    shop.ok("update")
