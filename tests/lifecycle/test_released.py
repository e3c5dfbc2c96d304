"""A project of every released version, edited as a team would, reaches this one and still works."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from generator.versions import store
from generator.versions.bundle import version_key
from generator.versions.locate import find_source, released_versions, template_root
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop
from tests.variants.model import SEED
from tests.variants.proving import Subject, prove
from tests.variants.workshop import environment

ROUTER = """\
from fastapi import APIRouter

from app.auth.dependencies import CurrentUser

router = APIRouter(prefix="/reports", tags=["reports"])


@router.get("/today")
async def today(_user: CurrentUser) -> dict[str, int]:
    return {"sold": 3}
"""
ROUTER_TEST = """\
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.helpers import connect

URL = "/api/v1/reports/today"


async def test_today(client: AsyncClient) -> None:
    assert (await client.get(URL)).json() == {"sold": 3}


async def test_is_for_users(app: FastAPI) -> None:
    async with connect(app) as stranger:
        assert (await stranger.get(URL)).status_code == 401
"""
BLUEPRINT = """\
from apiflask import APIBlueprint
from pydantic import BaseModel

from app.auth.guard import auth

bp = APIBlueprint("reports", __name__, url_prefix="/api/v1/reports", tag="reports")


class Today(BaseModel):
    sold: int


@bp.get("/today")
@bp.auth_required(auth)
@bp.output(Today)
def today() -> Today:
    return Today(sold=3)
"""
BLUEPRINT_TEST = """\
from flask.testing import FlaskClient


def test_today(client: FlaskClient) -> None:
    assert client.get("/api/v1/reports/today").get_json() == {"sold": 3}
"""
VIEW = """\
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class TodaySerializer(serializers.Serializer):
    sold = serializers.IntegerField()


class Today(APIView):
    @extend_schema(responses=TodaySerializer)
    def get(self, request: Request) -> Response:
        return Response({"sold": 3})
"""
VIEW_TEST = """\
from rest_framework.test import APIClient


def test_today(api: APIClient) -> None:
    assert api.get("/api/v1/reports/today").json() == {"sold": 3}
"""
# By framework: new files, and what is written before a line, the first one that a version has.
NEW_FILES = {
    "fastapi": {
        "app/reports/__init__.py": "",
        "app/reports/router.py": ROUTER,
        "tests/test_reports.py": ROUTER_TEST,
        "docs/notes.md": "Ours.\n",
    },
    "flask": {
        "app/reports/__init__.py": "",
        "app/reports/routes.py": BLUEPRINT,
        "app/reports/tests.py": BLUEPRINT_TEST,
        "docs/notes.md": "Ours.\n",
    },
    "django": {
        "apps/reports/__init__.py": "",
        "apps/reports/views.py": VIEW,
        "apps/reports/tests.py": VIEW_TEST,
        "docs/notes.md": "Ours.\n",
    },
}
Places = list[tuple[str, dict[str, str]]]
EVERYWHERE: Places = [
    (".env.example", {"HOST=": "SHOP_NAME=Ours\n"}),
    ("pyproject.toml", {'    "structlog>=': '    "idna>=3", # for names of customers\n'}),
    (
        ".github/workflows/ci.yml",
        {"      - run: uv run poe check\n": "      - run: date # ours\n"},
    ),
    ("README.md", {"## Start\n": "Sells things.\n\n"}),
]
SETTING = ("app/core/config.py", {"    host: str": '    shop_name: str = "Ours"\n'})
BEFORE: dict[str, Places] = {
    "fastapi": [
        ("app/api.py", {"from app.users": "from app.reports.router import router as reports\n"}),
        (
            "app/api.py",
            {
                "    items,\n": "    reports,\n",
                "api.include_router(items)": "api.include_router(reports)\n",
            },
        ),
        SETTING,
        *EVERYWHERE,
    ],
    "flask": [
        ("app/api.py", {"from app.users": "from app.reports.routes import bp as reports\n"}),
        ("app/api.py", {"    # Blueprints of your own": "    app.register_blueprint(reports)\n"}),
        SETTING,
        *EVERYWHERE,
    ],
    "django": [
        ("config/urls.py", {"\nrouter =": "from apps.reports.views import Today\n"}),
        (
            "config/urls.py",
            {
                '    path("api/v1/", include(router': (
                    '    path("api/v1/reports/today", Today.as_view()),\n'
                )
            },
        ),
        (
            "config/settings.py",
            {"\nALLOWED_HOSTS =": 'SHOP_NAME = env("SHOP_NAME", default="Ours")\n'},
        ),
        *EVERYWHERE,
    ],
}
# The first version that has it.
FIRST = {"fastapi": "v0.1.0", "flask": "v0.2.0", "django": "v0.2.0"}
# Where both rewrote the same lines: what the team adds to the template's side.
RESOLUTIONS = {
    "app/api.py": ("    items,\n", "    reports,\n    items,\n"),
    "config/settings.py": (
        "\nALLOWED_HOSTS =",
        '\nSHOP_NAME = env.read("SHOP_NAME", default="Ours")\nALLOWED_HOSTS =',
    ),
}
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


def make(shop: Shop, tag: str, framework: str, folder: Path, **more: str) -> None:
    """Make what this release made on its day, with `more` answers."""
    source = store.fetch(tag, folder)
    options = {"framework": framework, "python_version": PYTHON, "ci": "github", "docker": True}
    options |= more
    answers = complete(load_catalog(source.root), "shop", options=options, assigned={}, file={})
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


def assert_edits_are_there(shop: Shop, framework: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        assert shop.read(path) == text
    for path, places in BEFORE[framework]:
        if (shop.folder / path).exists() and path not in RESOLUTIONS:
            assert any(new in shop.read(path) for new in places.values())
    assert not (shop.folder / DELETED).exists()


ALL = [
    (framework, tag)
    for framework, first in FIRST.items()
    for tag in released_versions(template_root())
    # What was just released is the newest; there is nothing to update.
    if version_key(tag) >= version_key(first) and tag != find_source().tag
]
OLDEST = [(name, tag) for name, tag in ALL if tag == FIRST[name]]
# What comes out is nearly the same from every tag. A landing takes the longest way, of a framework
# that the commit picks.
PICKED = random.Random(SEED).choice(OLDEST)


def at_night(pairs: list[tuple[str, str]]) -> list[Any]:
    """Return the pairs, marked for the night unless a landing takes them."""
    night = pytest.mark.nightly
    return [pair if pair == PICKED else pytest.param(*pair, marks=night) for pair in pairs]


# How v0.4.0 asks owners to rewrite tests of their own.
REWRITES = {
    "fastapi": {
        "    async with connect(app) as stranger:\n    ": "    stranger = connect(app)\n",
        "async def": "def",
        "await ": "",
        "AsyncClient": "Client",
    },
    "flask": {"flask.testing": "httpx2", "FlaskClient": "Client", ".get_json()": ".json()"},
    "django": {},
}


def do_what_the_notes_say(team: Shop, framework: str) -> dict[str, str]:
    """Rewrite tests, and write the migration that Django needs; return the team's own files."""
    files = dict(NEW_FILES[framework])
    for path in files:
        if "test" in path:
            for old, new in REWRITES[framework].items():
                files[path] = files[path].replace(old, new)
            team.write(path, files[path])
    if framework == "django":
        python = environment(framework, PYTHON) / "python"
        env = {**team.env, "SECRET_KEY": "a-key-for-a-command-that-reads-the-settings"}
        command = [python, "manage.py", "makemigrations", "--name", "permissions"]
        subprocess.run(command, cwd=team.folder, env=env, capture_output=True, check=True)
    return files


def update_by_copier(shop: Shop, version: str) -> None:
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--vcs-ref", version]
    subprocess.run(command, cwd=shop.folder, env=shop.env, capture_output=True, check=True)


@pytest.mark.parametrize(("framework", "tag"), at_night(OLDEST))
def test_plain_copier_updates_a_project_without_accounts(
    team: Shop, framework: str, tag: str, tmp_path: Path
) -> None:
    make(team, tag, framework, tmp_path, auth="none", database="postgres")
    update_by_copier(team, store.ensure(find_source()))
    assert not (team.folder / "SECURITY.md").exists()


@pytest.mark.slow
@pytest.mark.seconds(60)
@pytest.mark.parametrize(("framework", "tag"), at_night(ALL))
def test_a_project_of_this_version_is_updated_extended_and_stripped_and_works(
    team: Shop, framework: str, tag: str, tmp_path: Path, request: pytest.FixtureRequest
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
    assert_edits_are_there(team, framework, NEW_FILES[framework])
    update_by_copier(by_copier, newest)
    ours, theirs = team.snapshot(), by_copier.snapshot()
    different = {path for path in ours | theirs if ours.get(path) != theirs.get(path)}
    assert set(conflicts) <= different
    assert all(b"<<<<<<<" in theirs[path][0] for path in different)  # copier left it to the team
    files = do_what_the_notes_say(team, framework)
    team.commit()
    team.ok("set", "database=postgres")
    team.commit()
    assert team("remove", "github", "docker").returncode == 3  # the workflow has a step of theirs
    team.ok("update", "--abort")
    team.ok("remove", "github", "docker", "--force")
    assert_edits_are_there(team, framework, files)
    tree = {path: content for path, (content, _) in team.snapshot().items()}
    name = f"{framework} {tag}, updated"
    project = Subject(name, framework, "sqlite", tree, environment(framework, PYTHON))
    # Of what is merged without a conflict, lint and types have little to find.
    by_night = ["check", *(["contract"] if tag == FIRST[framework] else [])]
    for step in ("own-tests", "drift", *(by_night if request.config.option.everything else [])):
        prove(request, project, step, tmp_path / step / "shop", None)
