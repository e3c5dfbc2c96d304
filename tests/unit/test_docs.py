"""What the documentation has from the code is up to date, and the site can be built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.make import __main__ as make
from docs.make import examples, pictures, screenshot, tour
from docs.make.blocks import fill
from tests.contract.programs import skip_without

ROOT = Path(__file__).parents[2]
CURE = "Run: python -m docs.make"


@pytest.mark.seconds(8)
def test_pages_have_what_the_code_says() -> None:
    assert [path for path, text in make.pages().items() if path.read_text("utf-8") != text] == [], (
        CURE
    )


def test_only_the_marked_part_of_a_page_is_made_anew() -> None:
    page = "above\n<!-- made: greeting you -->\nold\n<!-- made -->\nbelow\n"
    made = fill(page, {"greeting": "Hello {}!".format})
    assert made == page.replace("old\n", "\nHello you!\n\n")


@pytest.mark.posix("files with Unix line ends")
@pytest.mark.seconds(4)
def test_examples_are_what_the_templates_make() -> None:
    wanted, found = examples.examples(), examples.there()
    assert sorted(wanted) == sorted(found), CURE
    assert [path for path in wanted if wanted[path] != found[path]] == [], CURE


@pytest.mark.posix("terminals")
@pytest.mark.seconds(15)
def test_pictures_show_what_the_commands_print() -> None:
    assert [path for path, svg in pictures.pictures() if path.read_text("utf-8") != svg] == [], CURE


@pytest.mark.seconds(3)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (tmp_path / "site" / "tour" / "index.html").exists()


@pytest.mark.nightly
@pytest.mark.posix("a shell")
@pytest.mark.seconds(120)
@pytest.mark.slow
def test_the_tour_works_as_printed() -> None:
    page = make.TOUR.read_text(encoding="utf-8")
    assert tour.kept(make.walked_tour()) == tour.kept(page), "Run: python -m docs.make tour"


@pytest.mark.nightly
@pytest.mark.posix("a shell")
@pytest.mark.seconds(30)
@pytest.mark.slow
def test_the_picture_of_the_api_shows_the_page_of_a_new_project(tmp_path: Path) -> None:
    if not shutil.which("chromium"):
        skip_without("chromium")
    picture = tmp_path / "api.png"
    screenshot.take(picture)
    # The same page is compressed to about the same size; a blank one, to a tenth of it.
    assert picture.stat().st_size == pytest.approx(screenshot.PICTURE.stat().st_size, rel=0.25)
