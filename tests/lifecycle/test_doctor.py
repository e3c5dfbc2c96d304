"""Each trouble of a project is told in one line, with its cure."""

from __future__ import annotations

import json
import shlex
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.doctor import examine
from generator.project.project import find_project
from generator.questions.facts import Facts
from tests.conftest import Scaffold
from tests.conftest import environment as user
from tests.contract.server import Project, free_port
from tests.lifecycle.conftest import Shop
from tests.variants.model import EACH_LANDING
from tests.variants.workshop import environment

pytestmark = pytest.mark.posix("links to environments with a folder bin")

PYTHON = "3.11"
REVISION = 'revision = "9"\ndown_revision = "0001"\n\n\ndef upgrade() -> None:\n    pass\n'
MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = []
"""
# By framework: a file that is one migration more.
ONE_MORE = {
    "fastapi": ("migrations/versions/9.py", REVISION),
    "flask": ("migrations/versions/9.py", REVISION),
    "django": ("apps/items/migrations/0002_more.py", MIGRATION),
}


def findings(shop: Shop, code: int | None = None) -> dict[str, str]:
    """Return what doctor finds, with the cures; `code` is what it must exit with."""
    result = shop("doctor", "--json")
    assert code in (None, result.returncode), result.stdout
    return {one["what"]: one["cure"] for one in json.loads(result.stdout)["findings"]}


def cure_of(shop: Shop, what: str, code: int | None = None) -> str:
    """Return the cure of the one finding that says `what`."""
    (cure,) = (cure for finding, cure in findings(shop, code).items() if what in finding)
    return cure


def install(shop: Shop, framework: str) -> None:
    """Give the project its environment, and a port that nobody uses."""
    (shop.folder / ".venv").symlink_to(environment(framework, PYTHON).parent)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        shop.replace(".env", "PORT=8000", f"PORT={probe.getsockname()[1]}")


def migrate(shop: Shop) -> None:
    Project(shop.folder, shop.folder / ".venv" / "bin").migrate({})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, checkout: Path, uv_folder: Path) -> Shop:
    """A project with its environment and its database."""
    folder = tmp_path_factory.mktemp("doctor")
    home = folder / "home"
    home.mkdir()
    env = user(home, checkout, uv_folder)
    Scaffold(folder, env).ok("new", "shop")
    shop = Shop(folder / "shop", env)
    install(shop, "fastapi")
    migrate(shop)
    return shop


@pytest.fixture
def healthy(made: Shop, tmp_path: Path) -> Shop:
    shutil.copytree(made.folder, tmp_path / "shop", symlinks=True)
    return Shop(tmp_path / "shop", made.env)


def test_a_healthy_project_has_nothing_to_cure(healthy: Shop) -> None:
    before = healthy.snapshot()
    assert set(findings(healthy, code=0).values()) == {""}
    assert healthy.snapshot() == before


@pytest.mark.parametrize(
    ("harm", "what", "cure"),
    [
        (lambda shop: shop.replace("pyproject.toml", ">=3.11", ">=3.14"),
         "the project needs >=3.14.", "uv sync"),
        (lambda shop: shop.replace(".env", "HOST=", "#"), "not have HOST.", "Copy"),
        (lambda shop: shop.replace(".env", "HOST=", "COLOR=1\nHOST="),
         "has COLOR, which", "Remove"),
        (lambda shop: shop.replace(".env", "SECRET_KEY=", "SECRET_KEY=short#\nX="),
         "SECRET_KEY in .env can be guessed.", "openssl"),
        (lambda shop: shop.git("add", "--force", ".env"), ".env is in git.", "git rm"),
        (lambda shop: shop.replace(".env", "HOST=127.0.0.1", "HOST=nobody.invalid"),
         "HOST in .env is nobody.invalid, which has no address.", "127.0.0.1"),
        (lambda shop: shop.replace(".env", "HOST=127.0.0.1", "HOST=192.0.2.1"),
         "192.0.2.1, which is not an address of this machine.", "127.0.0.1"),
        (lambda shop: shop.replace(".env", "PORT=", "PORT=http#\nX="),
         "PORT in .env is http", "1 to 65535"),
    ],
)  # fmt: skip
def test_a_trouble_has_a_cure(
    healthy: Shop, harm: Callable[[Shop], object], what: str, cure: str
) -> None:
    harm(healthy)
    assert cure in cure_of(healthy, what, code=1)


@pytest.mark.parametrize(
    ("harm", "what", "cure"),
    [
        (lambda shop: (shop.folder / ".venv").unlink(),
         "The environment .venv does not exist yet.", "uv sync creates it."),
        (lambda shop: (shop.folder / ".venv").unlink(),
         "It is not known whether migrations are pending without", "uv sync creates it."),
        (lambda shop: (shop.folder / ".env").unlink(),
         ".env does not exist yet.", "uv run poe dev creates it."),
        (lambda shop: (shop.folder / "app.db").unlink(),
         "The database app.db does not exist yet.", "uv run poe migrate creates it."),
    ],
)  # fmt: skip
def test_what_comes_with_the_next_step_is_no_trouble(
    healthy: Shop, harm: Callable[[Shop], object], what: str, cure: str
) -> None:
    harm(healthy)
    told = healthy.json("doctor")
    assert [f["cure"] for f in told["findings"] if what in f["what"]] == [cure]
    assert told["healthy"] is True
    assert {finding["state"] for finding in told["findings"]} == {"ok", "not yet"}


def test_a_project_that_was_just_made_is_in_order(scaffold: Scaffold) -> None:
    port = free_port()
    scaffold.ok("new", "shop")
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    shop.replace(".env", "PORT=8000", f"PORT={port}")
    lines = shop.ok("doctor").splitlines()
    assert "  -  The environment .venv does not exist yet. uv sync creates it." in lines
    assert not any(line.startswith("  !") for line in lines)


def test_an_environment_whose_python_does_not_start_is_a_trouble(healthy: Shop) -> None:
    (healthy.folder / ".venv").unlink()
    (healthy.folder / ".venv").mkdir()
    missing = "pending: There is no Python in .venv"
    assert cure_of(healthy, missing, code=1) == "uv sync creates it."


def test_without_a_uv_on_the_path_the_cures_can_be_typed_all_the_same(
    healthy: Shop, path_without_uv: str
) -> None:
    (healthy.folder / "app.db").unlink()
    here = Shop(healthy.folder, {**healthy.env, "PATH": path_without_uv})
    own = shlex.join([sys.executable, "-m", "generator"])
    told = findings(here, code=0)
    (of_database,) = (cure for what, cure in told.items() if "app.db" in what)
    (of_uv,) = (cure for what, cure in told.items() if "uv is not on the PATH." in what)
    assert of_database == f"{own} uv run poe migrate creates it."
    assert of_uv.startswith("Write scaffold uv for it")


@pytest.mark.slow
@pytest.mark.parametrize("framework", EACH_LANDING)
def test_migrations_that_the_database_has_not_had(scaffold: Scaffold, framework: str) -> None:
    scaffold.ok("new", "shop", "--framework", framework, "--yes")
    shop = Shop(scaffold.folder / "shop", scaffold.env)
    install(shop, framework)
    migrate(shop)
    assert cure_of(shop, "The database has every migration") == ""
    shop.write(*ONE_MORE[framework])
    before = shop.snapshot()
    assert cure_of(shop, "The database has pending migrations.") == "uv run poe migrate"
    assert shop.snapshot() == before
    nobody = "postgresql://nobody@127.0.0.1:1/shop?connect_timeout=1"
    shop.replace(".env", "sqlite:///app.db", nobody)
    assert "server is running" in cure_of(shop, "not known whether migrations are pending")


def test_a_port_that_is_taken_and_a_template_that_is_behind(shop: Shop) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        shop.replace(".env", "PORT=8000", f"PORT={port}")
        told = findings(shop)
    assert "PORT in .env" in told[f"Port {port} of 127.0.0.1 is taken."]
    assert told["The template is at v1.0.0; v2.0.0 is available."] == "scaffold update"


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_any_address_of_this_machine_is_one_to_listen_on(healthy: Shop, host: str) -> None:
    healthy.replace(".env", "HOST=127.0.0.1", f"HOST={host}")
    assert set(findings(healthy).values()) == {""}


def test_what_a_template_does_not_tell_is_not_checked(healthy: Shop) -> None:
    told = {
        finding.what: finding.cure for finding in examine(find_project(healthy.folder), Facts())
    }
    assert "The settings were not checked: the template does not name their file" in told
    assert not any("Port" in what or "database" in what for what in told)
    unknown = "It is not known whether migrations are pending"
    assert told[f"{unknown}: the template does not say how to find out"] == ""


def test_settings_that_are_no_utf_8_are_read_all_the_same(healthy: Shop) -> None:
    with (healthy.folder / ".env").open("ab") as file:
        file.write(b"# caf\xe9\n")
    assert cure_of(healthy, ".env has every setting") == ""
