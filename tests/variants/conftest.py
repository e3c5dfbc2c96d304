"""What the tests of the variants share: every one of them rendered; environments; a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.render.strict import Render
from generator.tree import Tree
from generator.validate.checks import different_files

from .distinct import Distinct, tree_of
from .model import Variant
from .pythons import NoPythonError
from .renders import all_renders
from .workshop import environment


@pytest.fixture(scope="session")
def renders() -> dict[Variant, Render]:
    """The files of each variant."""
    return all_renders()


@pytest.fixture(scope="session")
def trees(renders: dict[Variant, Render]) -> dict[Variant, Tree]:
    """The same as `scaffold validate` has them."""
    return {variant: tree_of(files) for variant, files in renders.items()}


@pytest.fixture(scope="session")
def distinct(trees: dict[Variant, Tree]) -> Distinct:
    """Each different file once, whatever the number of variants that have it."""
    return different_files(trees)


@pytest.fixture(scope="session")
def programs() -> Callable[[Variant], Path]:
    """The environment's programs for a variant, or a skip where no Python is new enough for it."""

    def find(variant: Variant) -> Path:
        try:
            return environment(variant.framework, str(variant["python_version"]))
        except NoPythonError as error:
            pytest.skip(f"{variant}: {error}")

    return find
