"""A new version of the template reaches a project by plain `copier update`, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.files import replacing
from generator.versions.bundle import write_bundle
from generator.versions.release import release
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop, World

COPIER = [sys.executable, "-m", "copier"]
# A network namespace of one's own has no way out.
OFFLINE = ["unshare", "--user", "--map-root-user", "--net"]


def offline() -> list[str]:
    if shutil.which("unshare") is None:
        return []
    works = subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode == 0
    return OFFLINE if works else []


def run(folder: Path, env: dict[str, str], *command: str | Path) -> str:
    result = subprocess.run(
        [*offline(), *command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


class Checkout:
    """A checkout whose template this test may change, and projects made from it."""

    def __init__(self, root: Path, scaffold: Scaffold) -> None:
        self.root = root
        self.scaffold = scaffold
        self.project = scaffold.folder / "shop"
        scaffold.env["PYTHONPATH"] = str(root)

    def make_version_two(self) -> None:
        """Change the template in three ways: an edit, a new file, a new question."""
        template = self.root / "templates" / "fastapi"
        main = next(path for name in ("main.py", "main.py.jinja")
                    if (path := template / "app" / name).exists())  # fmt: skip
        main.write_text("# version two\n" + main.read_text())
        (template / "NEW.md.jinja").write_text("New in {{ project_name }}: {{ colour }}.\n")
        with (self.root / "templates/_shared/questions/project.yml").open("a") as questions:
            questions.write("\ncolour:\n  type: str\n  help: A new question\n  default: green\n")

    def commit_edits(self) -> None:
        """Edit the project as its owner would, and commit."""
        with (self.project / "app" / "main.py").open("a") as main:
            main.write("\n# mine\n")
        (self.project / "mine.txt").write_text("mine\n")
        run(self.project, self.scaffold.env, "git", "add", "-A")
        run(self.project, self.scaffold.env, "git", "commit", "-qm", "Mine")

    def assert_updated(self) -> None:
        main = (self.project / "app" / "main.py").read_text()
        assert main.startswith("# version two\n")
        assert main.endswith("\n# mine\n")
        assert (self.project / "mine.txt").read_text() == "mine\n"
        assert (self.project / "NEW.md").read_text() == "New in shop: green.\n"
        assert "colour: green\n" in (self.project / ".copier-answers.yml").read_text()


@pytest.fixture
def origin(checkout: Path, tmp_path: Path, scaffold: Scaffold) -> Checkout:
    root = tmp_path / "checkout"
    shutil.copytree(checkout, root)
    shutil.rmtree(root / "releases")
    return Checkout(root, scaffold)


@pytest.mark.skipif(not offline() and "CI" not in os.environ, reason="no network namespaces here")
def test_version_two_reaches_a_project_made_with_version_one(origin: Checkout) -> None:
    release(origin.root, "v1.0.0")
    assert origin.scaffold.json("new", "shop")["version"] == "v1.0.0"
    origin.commit_edits()
    origin.make_version_two()
    release(origin.root, "v2.0.0")
    origin.scaffold.ok("new", "another")  # any project made by the new version brings it along
    run(origin.project, origin.scaffold.env, *COPIER, "update", "--defaults")
    origin.assert_updated()
    answers = (origin.project / ".copier-answers.yml").read_text()
    assert "_commit: v2.0.0\n" in answers
    assert "_src_path: ~/.local/share/scaffold/templates.bundle\n" in answers


def test_development_versions_follow_each_other_while_there_is_no_release(
    origin: Checkout,
) -> None:
    first = origin.scaffold.json("new", "shop")["version"]
    origin.commit_edits()
    origin.make_version_two()
    second = origin.scaffold.json("new", "another")["version"]
    assert ".dev0+g" in first
    assert ".dev1+g" in second
    run(origin.project, origin.scaffold.env, *COPIER, "update", "--defaults")
    origin.assert_updated()
    assert f"_commit: {second}\n" in (origin.project / ".copier-answers.yml").read_text()


def test_a_released_project_passes_development_versions_by(origin: Checkout) -> None:
    release(origin.root, "v1.0.0")
    origin.scaffold.ok("new", "shop")
    origin.make_version_two()
    assert ".dev0+g" in origin.scaffold.json("new", "another")["version"]
    run(origin.project, origin.scaffold.env, *COPIER, "update", "--defaults")
    assert "_commit: v1.0.0\n" in (origin.project / ".copier-answers.yml").read_text()
    run(origin.project, origin.scaffold.env, *COPIER, "update", "--defaults", "--prereleases")
    assert (origin.project / "NEW.md").exists()


def store_a_newer_version(shop: Shop, checkout: Path, folder: Path, manifest: str) -> None:
    """Have a newer scaffold, which shares the store, put v3.0.0 there."""
    newer = folder / "newer"
    for part in ("copier.yml", "templates"):
        copy = shutil.copytree if (checkout / part).is_dir() else shutil.copy
        newer.mkdir(exist_ok=True)
        copy(checkout / part, newer / part)
    (newer / "scaffold.yml").write_text(manifest)
    bundle = shop.home / ".local/share/scaffold/templates.bundle"
    with replacing(bundle) as temporary:
        write_bundle(temporary, [bundle], (newer, "v3.0.0"))


@pytest.mark.parametrize(
    "manifest", ["{format: 1, min_scaffold: 99.0.0}", "{format: 2}"], ids=["version", "format"]
)
def test_an_update_stops_where_a_version_needs_a_newer_scaffold(
    shop: Shop, world: World, tmp_path: Path, manifest: str
) -> None:
    shop.ok("status")
    store_a_newer_version(shop, world.checkout, tmp_path, manifest)
    assert shop.json("status")["newest"] == "v2.0.0"
    assert "Upgrade scaffold" in shop.failure("update", "--to", "3.0.0")
    shop.ok("update")
    assert "_commit: v2.0.0" in shop.read(".copier-answers.yml")


def test_an_update_reaches_a_version_of_a_newer_scaffold_that_this_one_can_use(
    shop: Shop, world: World, tmp_path: Path
) -> None:
    shop.ok("status")
    manifest = "{format: 1, min_scaffold: 0.1.0, colour: green}"
    store_a_newer_version(shop, world.checkout, tmp_path, manifest)
    shop.ok("update")
    assert "_commit: v3.0.0" in shop.read(".copier-answers.yml")
