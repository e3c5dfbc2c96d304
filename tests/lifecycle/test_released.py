"""A project of every released version, edited as a team would, reaches this one and still works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import store
from generator.answers import complete
from generator.catalog import load_questions
from generator.render import render
from generator.sources import find_source, released_versions, template_root
from tests.conftest import Scaffold
from tests.contract.server import Project
from tests.lifecycle.conftest import Shop
from tests.variants.steps import STEPS, Bench
from tests.variants.workshop import environment

ROUTER = """\
from fastapi import APIRouter

router = APIRouter(prefix="/reports", tags=["reports"])


@router.get("/today")
async def today() -> dict[str, int]:
    return {"sold": 3}
"""
ROUTER_TEST = """\
from app.main import create_app
from tests.helpers import connect


async def test_today() -> None:
    async with connect(create_app()) as client:
        assert (await client.get("/api/v1/reports/today")).json() == {"sold": 3}
"""
# By framework: new files, and what is written before a line, the first one that a version has.
NEW_FILES = {
    "fastapi": {
        "app/reports/__init__.py": "",
        "app/reports/router.py": ROUTER,
        "tests/test_reports.py": ROUTER_TEST,
        "docs/notes.md": "Ours.\n",
    }
}
BEFORE = {
    "fastapi": [
        ("app/api.py", {"from app.users": "from app.reports.router import router as reports\n"}),
        (
            "app/api.py",
            {
                "    items,\n": "    reports,\n",
                "api.include_router(items)": "api.include_router(reports)\n",
            },
        ),
        ("app/core/config.py", {"    host: str": '    shop_name: str = "Ours"\n'}),
        (".env.example", {"HOST=": "SHOP_NAME=Ours\n"}),
        ("pyproject.toml", {'    "click>=': '    "idna>=3", # for names of customers\n'}),
        (
            ".github/workflows/ci.yml",
            {"      - run: uv run poe check\n": "      - run: date # ours\n"},
        ),
        ("README.md", {"## Start\n": "Sells things.\n\n"}),
    ]
}
# Where both rewrote the same lines: what the team adds to the template's side.
RESOLUTIONS = {"app/api.py": ("    items,\n", "    reports,\n    items,\n")}
CONFLICT = re.compile(r"<<<<<<< .*?\n=======\n(.*?)>>>>>>> [^\n]*\n", re.DOTALL)
DELETED = "AGENTS.md"
PYTHON = "3.11"


@pytest.fixture
def team(scaffold: Scaffold, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A home of one's own, and an empty repository."""
    monkeypatch.setenv("HOME", scaffold.env["HOME"])
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    shop.folder.mkdir()
    shop.git("init", "--quiet")
    return shop


def make(shop: Shop, tag: str, framework: str, folder: Path) -> None:
    """Make what this release made on its day."""
    source = store.fetch(tag, folder)
    options = {"framework": framework, "python_version": PYTHON, "ci": "github", "docker": True}
    answers = complete(load_questions(source.root), "shop", options=options, assigned={}, file={})
    render(answers, shop.folder, source, tag)
    shop.commit()


def edit_as_a_team_would(shop: Shop, framework: str) -> None:
    for path, text in NEW_FILES[framework].items():
        shop.write(path, text)
    for path, places in BEFORE[framework]:
        line = next(line for line in places if line in shop.read(path))
        shop.replace(path, line, places[line] + line)
    (shop.folder / DELETED).unlink()
    shop.commit()


def resolve(shop: Shop, path: str) -> None:
    """Take the template's lines where both changed them, and the team's own into these."""
    shop.write(path, CONFLICT.sub(r"\1", shop.read(path)))
    shop.replace(path, *RESOLUTIONS[path])


def assert_edits_are_there(shop: Shop, framework: str) -> None:
    for path, text in NEW_FILES[framework].items():
        assert shop.read(path) == text
    for path, places in BEFORE[framework]:
        if (shop.folder / path).exists() and path not in RESOLUTIONS:
            assert any(new in shop.read(path) for new in places.values())
    assert not (shop.folder / DELETED).exists()


@pytest.mark.parametrize("framework", NEW_FILES)
@pytest.mark.parametrize("tag", released_versions(template_root()))
def test_a_project_of_this_version_is_updated_extended_and_stripped_and_works(
    team: Shop, tag: str, framework: str, tmp_path: Path
) -> None:
    make(team, tag, framework, tmp_path)
    edit_as_a_team_would(team, framework)
    newest = store.ensure(find_source())
    by_copier = Shop(tmp_path / "by-copier", team.env)
    shutil.copytree(team.folder, by_copier.folder, symlinks=True)
    conflicts = [conflict["path"] for conflict in team.json("update", "--to", newest)["conflicts"]]
    for path in conflicts:
        resolve(team, path)
    if conflicts:
        team.ok("update", "--continue")
    assert_edits_are_there(team, framework)
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--vcs-ref", newest]
    subprocess.run(command, cwd=by_copier.folder, env=team.env, capture_output=True, check=True)
    ours, theirs = team.snapshot(), by_copier.snapshot()
    assert {path for path in ours | theirs if ours.get(path) != theirs.get(path)} == set(conflicts)
    team.commit()
    team.ok("set", "database=postgres")
    team.commit()
    assert team("remove", "github", "docker").returncode == 3  # the workflow has a step of theirs
    team.ok("update", "--abort")
    team.ok("remove", "github", "docker", "--force")
    assert_edits_are_there(team, framework)
    assert_works(team, framework)


def assert_works(shop: Shop, framework: str) -> None:
    """Run the project's own tests, its lint and types, and the HTTP contract."""
    project = Project(shop.folder, environment(framework, PYTHON))
    bench = Bench(project, framework, "sqlite", None)
    for step in ("own-tests", "check", "drift", "contract"):
        STEPS[step](bench)
