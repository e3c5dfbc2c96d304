"""The wheel: the same bytes from the same sources, and the same projects as the checkout."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.conftest import Scaffold


def build(source: Path, out: Path, *options: str) -> Path:
    """Build `source` with the backend that is installed here; no network is needed."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, *options, source],
        capture_output=True, check=True,
    )  # fmt: skip
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(sources, tmp_path_factory.mktemp("wheel"), "--wheel")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_two_builds_give_the_same_bytes_also_by_way_of_the_sdist(
    sources: Path, wheel: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(sources, elsewhere)
    for path in elsewhere.rglob("*"):
        path.touch()
    (elsewhere / "templates" / "__pycache__").mkdir()
    (elsewhere / "templates" / "__pycache__" / "x.pyc").write_text("left behind")
    assert digest(build(elsewhere, tmp_path / "again", "--wheel")) == digest(wheel)
    assert digest(build(sources, tmp_path / "by-sdist")) == digest(wheel)


def test_a_project_from_the_wheel_equals_one_from_the_checkout(
    wheel: Path, tmp_path: Path, scaffold: Scaffold
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    for name in ("copier.yml", "scaffold.yml"):
        assert (tmp_path / "installed" / "generator" / "_template" / name).exists()
    made = {}
    installed = str(tmp_path / "installed")
    for origin, search in (("checkout", scaffold.env["PYTHONPATH"]), ("wheel", installed)):
        folder = scaffold.folder / origin
        folder.mkdir()
        Scaffold(folder, scaffold.env).ok("new", "shop", "--set", "author=x", PYTHONPATH=search)
        made[origin] = {
            file.relative_to(folder): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and ".git" not in file.parts and file.name != ".env"
        }
    assert made["wheel"] == made["checkout"]


def test_the_wheel_tells_an_index_what_it_is(wheel: Path) -> None:
    assert wheel.name.startswith("scaffold_backend-")
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        about = message_from_bytes(archive.read(path))
        assert b"MIT License" in archive.read(path.replace("METADATA", "licenses/LICENSE"))
    assert about["Name"] == "scaffold-backend"
    assert about["Author"] == "The scaffold authors"
    assert about["License-Expression"] == "MIT"
    assert about["Keywords"]
    assert about["Description-Content-Type"] == "text/markdown"
    assert "Framework :: Django" in about.get_all("Classifier")
