"""A template with two versions, and a project that was made with the first one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.versions.release import release
from tests import forks
from tests.conftest import Scaffold, environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sources(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone of this repository has that is needed to install it."""
    root = tmp_path_factory.mktemp("sources") / "scaffold"
    shutil.copytree(checkout, root, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, root)
    return root


@dataclass(frozen=True)
class World:
    """Where the second version of the template is, its user's home, the project, and uv."""

    checkout: Path
    home: Path
    project: Path
    uv_folder: Path

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment of a user with this home."""
        return environment(home, self.checkout, self.uv_folder)


class Shop(Scaffold):
    """A project in git, and `scaffold` run in it."""

    @property
    def home(self) -> Path:
        return Path(self.env["HOME"])

    def git(self, *arguments: str) -> str:
        return subprocess.check_output(
            ["git", "-C", self.folder, *arguments], env=self.env, text=True
        )

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(text.encode())

    def replace(self, path: str, old: str, new: str) -> None:
        assert old in self.read(path)
        self.write(path, self.read(path).replace(old, new, 1))

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Mine", "--no-verify", "--allow-empty")

    def snapshot(self) -> dict[str, tuple[bytes, int]]:
        """Return content and mode of all files but git's own."""
        return {
            path.relative_to(self.folder).as_posix(): (
                os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes(),
                path.lstat().st_mode,
            )
            for path in self.folder.rglob("*")
            if not path.is_dir() and ".git" not in path.relative_to(self.folder).parts
        }

    def failure(self, *arguments: str) -> str:
        """Return the one line of a command that fails and changes nothing."""
        before = self.snapshot()
        result = self(*arguments)
        assert result.returncode in {1, 2, 3}, result.stdout + result.stderr
        assert self.snapshot() == before
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        return line


def change_template(root: Path) -> None:
    """Make the second version: edits, a new file and question, a file moved, a file gone."""
    template = root / "templates" / "fastapi"

    def edit(path: str, old: str, new: str) -> None:
        text = (template / path).read_text()
        assert old in text, path
        (template / path).write_text(text.replace(old, new, 1))

    edit("app/core/health.py.jinja", '"""', '"""Version two. ')
    edit("app/core/errors.py.jinja", '{"method": method})', '{"method": method.upper()})')
    edit("pyproject.toml.jinja", '    "fastapi>=0.165",\n', '    "fastapi>=0.165.1",\n')
    edit("pyproject.toml.jinja", '    "click>=8.5",\n', '    "click>=8.5",\n    "two>=2",\n')
    edit("../_shared/env.example.jinja", "HOST=127.0.0.1\n", "HOST=127.0.0.1\nCOLOUR=green\n")
    (template / "NEW.md.jinja").write_text("New in {{ project_name }}: {{ colour }}.\n")
    (template / "app/core/etag.py.jinja").rename(template / "app/core/entity_tags.py.jinja")
    (template / "AGENTS.md.jinja").unlink()
    with (root / "templates/_shared/notes.yml").open("a") as notes:
        notes.write(NOTES)
    with (root / "templates/_shared/questions/project.yml").open("a") as questions:
        questions.write("\ncolour:\n  type: str\n  help: A new question\n  default: green\n")


@pytest.fixture(scope="session")
def world(
    tmp_path_factory: pytest.TempPathFactory, checkout: Path, uv_folder: Path
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    root, home = folder / "checkout", folder / "home"
    shutil.copytree(checkout, root)
    shutil.rmtree(root / "releases")
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    scaffold = Scaffold(folder, environment(home, root, uv_folder))
    release(root, "v1.0.0")
    scaffold.ok("new", "shop")
    change_template(root)
    release(root, "v2.0.0")
    with forks.serving(root):
        yield World(root, home, folder / "shop", uv_folder)


NOTES = """
- {version: v2.0.0, show: you_must_do, text: Tell everybody., when: {auth: tokens}}
- {version: v2.0.0, show: you_must_do, text: Tell nobody., when: {auth: none}}
- {version: v1.0.0, show: you_must_do, text: This is old.}
"""


@pytest.fixture(scope="module")
def stored(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's home whose store has both versions, for tests that plan in this process."""
    home = tmp_path_factory.mktemp("stored") / "home"
    shutil.copytree(world.home, home)
    Shop(world.project, world.environment(home)).ok("status")  # which stores v2.0.0
    return home


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Shop:
    """A project at v1.0.0, committed, where v2.0.0 is to be had."""
    home, project = tmp_path / "home", tmp_path / "shop"
    shutil.copytree(world.home, home)
    shutil.copytree(world.project, project, symlinks=True)
    return Shop(project, world.environment(home))
