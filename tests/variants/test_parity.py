"""The fast renderer of these tests writes what copier writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.render.backend import render
from generator.render.strict import ANSWERS_FILE

from .model import Variant, all_variants, pairwise, strict

SINGLE = next(variant for variant in all_variants() if variant.resources == "single")


@pytest.mark.parametrize("variant", [*pairwise(), SINGLE], ids=str)
def test_strict_renders_what_copier_renders(variant: Variant, tmp_path: Path) -> None:
    answers = variant.answers()
    render(answers, tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes().decode()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    fast = strict().render(answers)
    assert fast.keys() == files.keys()
    # Copier knows more about itself than the answers that both record.
    assert {name: text for name, text in fast.items() if name != ANSWERS_FILE} == {
        name: text for name, text in files.items() if name != ANSWERS_FILE
    }
