"""Tier 3: projects of each release are edited and updated, by scaffold and by copier."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from generator.validate import edits
from generator.validate.config import Edit

from .conftest import Validate

EDITS = """\
[updates]
edits = [{file = "app.py", find = "DOCS", replace = "MINE = 1\\nDOCS"}]
"""


def release(template: Validate, tag: str) -> None:
    template.commit(tag)
    subprocess.run(["git", "-C", template.folder, "tag", tag], check=True)


@pytest.mark.seconds(15)
def test_projects_of_every_release_keep_their_edits(template: Validate) -> None:
    template.write({"validate.toml": EDITS})
    release(template, "v1.0.0")
    app = (template.folder / "template/app.py.jinja").read_text()
    template.write({"template/app.py.jinja": f"{app}NEW = True\n"})
    template.commit()
    report = template.report("--tier", "3")
    found = {one["step"]: one["text"] for one in report["results"] if one["tier"] == 3}
    same = "scaffold: 0 lost, 0 conflicts, copier: 0 lost, 0 conflicts"
    assert found["update from v1.0.0"] == same
    assert found["update from v1.0.0, edited"].startswith("scaffold: 0 lost, ")
    assert report["counts"]["updates"]["copier"]["updates"] == 2


@pytest.mark.nightly
@pytest.mark.seconds(8)
def test_an_update_that_fails_is_shown_with_what_it_says(template: Validate) -> None:
    release(template, "v1.0.0")
    settings = (template.folder / "copier.yml").read_text()
    template.write({"copier.yml": settings + "needed: {type: str}\n"})
    template.commit()
    failures = template.failures("--tier", "3")
    assert "update from v1.0.0: scaffold update: exit code 2" in failures


def test_a_release_that_is_not_there_is_one_line(template: Validate) -> None:
    release(template, "v1.0.0")
    template.write({"validate.toml": '[updates]\nfrom = ["v1.0.1"]\n'})
    wrong = template.wrong("--tier", "3")
    assert wrong == "Error: There is no release v1.0.1. Did you mean v1.0.0?"


def test_without_releases_there_is_a_note(template: Validate) -> None:
    assert "There are no releases to update from" in template.ok("validate", "--tier", "3")


def test_edits_are_made_where_their_files_are(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n")
    made = edits.make(
        [Edit("a.py", "y", "z = 3\ny"), Edit("a.py", append="end\n"), Edit("b.py", append="no\n")],
        tmp_path,
    )
    assert made == Counter({"z = 3": 1, "end": 1})
    assert (tmp_path / "a.py").read_text() == "x = 1\nz = 3\ny = 2\nend\n"


def test_lines_and_conflicts_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("kept = 1\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n")
    (tmp_path / "a.py.rej").write_text("@@\n")
    assert edits.lost(Counter({"kept = 1": 1, "gone = 2": 1, "": 1}), tmp_path) == ["gone = 2"]
    assert edits.conflicts(tmp_path) == 2


def test_the_same_seed_makes_the_same_random_edits(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("1\n2\n3\n")
        edits.at_random(tmp_path / name, 3, "seed")
    assert (tmp_path / "one/a.py").read_text() == (tmp_path / "two/a.py").read_text()
