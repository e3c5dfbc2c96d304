"""What the tests of the variants share: every one of them rendered, once."""

from __future__ import annotations

import pytest

from .distinct import Distinct, distinct_files
from .model import ROOT, Variant, all_variants
from .strict import Render, Strict


@pytest.fixture(scope="session")
def renders() -> dict[Variant, Render]:
    """Return the files of each variant."""
    strict = Strict(ROOT)
    return {variant: strict.render(variant.answers()) for variant in all_variants()}


@pytest.fixture(scope="session")
def distinct(renders: dict[Variant, Render]) -> Distinct:
    """Return each different file once, whatever the number of variants that have it."""
    return distinct_files(renders)
