"""A project that its team formatted in another way: the format alone is no edit and no conflict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lifecycle.conftest import Shop

WRAPPED = "app/core/errors.py"


@pytest.fixture
def wide(shop: Shop) -> Shop:
    """A project with lines of 120 characters, whose environment has its formatter."""
    ruff = Path(sys.executable).with_name("ruff")
    (shop.folder / ".venv/bin").mkdir(parents=True)
    (shop.folder / ".venv/bin/ruff").symlink_to(ruff)
    shop.replace("pyproject.toml", "line-length = 100", "line-length = 120")
    subprocess.run([ruff, "format", "--quiet", "."], cwd=shop.folder, check=True)
    assert 'matches(scope | {"method": method})[0] is Match.FULL for' in shop.read(WRAPPED)
    shop.commit()
    return shop


def test_formatting_alone_is_no_edit(wide: Shop) -> None:
    assert wide.json("status")["edited"] == ["pyproject.toml"]
    wide.replace(WRAPPED, "Problem(404,", "Problem(410,")
    assert wide.json("status")["edited"] == [WRAPPED, "pyproject.toml"]


def test_a_change_of_the_template_comes_in_the_projects_format(wide: Shop) -> None:
    wide.replace(WRAPPED, "Problem(404,", "Problem(410,")
    wide.commit()
    told = wide.json("update")
    assert told["conflicts"] == []
    text = wide.read(WRAPPED)
    assert 'matches(scope | {"method": method.upper()})[0] is Match.FULL for' in text
    assert "Problem(410," in text


def test_files_that_the_template_brings_come_in_the_projects_format(wide: Shop) -> None:
    wide.ok("remove", "auth", "--yes")
    wide.commit()
    wide.ok("add", "auth", "--yes")
    ruff = wide.folder / ".venv/bin/ruff"
    subprocess.run([ruff, "format", "--check"], cwd=wide.folder, check=True)
    assert wide.json("status")["edited"] == ["pyproject.toml"]


def test_files_that_were_only_formatted_go_without_force(wide: Shop) -> None:
    told = wide.json("remove", "auth", "--yes")
    assert told["conflicts"] == []
    assert not (wide.folder / "app/auth").exists()


def test_a_conflict_that_remains_is_between_lines_in_the_projects_format(wide: Shop) -> None:
    wide.replace(WRAPPED, '{"method": method})', '{"method": method.lower()})')
    wide.commit()
    assert wide("update").returncode == 3
    text = wide.read(WRAPPED)
    theirs = text[text.index("=======") : text.index(">>>>>>> template-v2.0.0")]
    assert len(theirs.splitlines()) == 2
    wide.ok("resolve", WRAPPED, "--theirs")
    wide.ok("update", "--continue")


def test_a_formatter_that_fails_leaves_the_conflict_as_it_is(wide: Shop) -> None:
    broken = wide.folder / ".venv/bin/ruff"
    broken.unlink()
    broken.write_text("#!/bin/sh\nexit 2\n")
    broken.chmod(0o755)
    assert wide("update").returncode == 3
