"""No project can be called like what is installed with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from generator.questions.manifest import FILE, load
from generator.render.strict import Render

from .model import FRAMEWORKS, ROOT, Variant
from .names import installed_names, names_of, write

REFUSED = load(ROOT).project_names.distributions


def test_names_of_what_any_variant_depends_on_are_refused(renders: dict[Variant, Render]) -> None:
    manifests = {files["pyproject.toml"] for files in renders.values()}
    direct: set[str] = set()
    for data in map(tomllib.loads, manifests):
        groups = data["dependency-groups"].values()
        direct |= names_of([*data["project"]["dependencies"], *(e for g in groups for e in g)])
    assert set(FRAMEWORKS) <= direct
    assert direct - REFUSED == set()


@pytest.mark.nightly
def test_names_of_all_that_is_installed_are_refused() -> None:
    assert installed_names() - REFUSED == set(), "python -m tests.variants.names adds them"


def test_writing_the_names_changes_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / FILE
    before = (ROOT / FILE).read_text(encoding="utf-8")
    file.write_text(before, encoding="utf-8")
    write(file, REFUSED)
    assert file.read_text(encoding="utf-8") == before
    write(file, {*REFUSED, "zzz-new"})
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert set(told["project_names"].pop("distributions")) == {*REFUSED, "zzz-new"}
    old = yaml.safe_load(before)
    del old["project_names"]["distributions"]
    assert told == old
