"""Every type with every modifier: the first migration makes what the models describe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.render.backend import render
from tests.contract.server import Project

from .model import Variant, all_variants
from .steps import Bench, drift

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("variant", [v for v in all_variants() if v.resources == "single"], ids=str)
def test_the_first_migration_is_the_models(
    variant: Variant,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    tmp_path: Path,
) -> None:
    database = str(variant["database"])
    if database == "postgres" and postgres is None:
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    render(variant.answers(), tmp_path / "shop")
    project = Project(tmp_path / "shop", programs(variant))
    drift(Bench(project, variant.framework, database, postgres))
