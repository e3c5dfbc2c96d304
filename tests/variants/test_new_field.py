"""T1: a field that an owner adds is migrated while the tables have rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .model import EACH_LANDING, Variant
from .proving import prove
from .steps import STEPS
from .test_additions import project
from .test_run import subject

pytestmark = [pytest.mark.slow, pytest.mark.seconds(STEPS["new-field"].seconds)]


@pytest.mark.parametrize("framework", EACH_LANDING)
def test_a_required_field_with_a_default_is_migrated_with_rows_present(
    framework: str,
    request: pytest.FixtureRequest,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    tmp_path: Path,
) -> None:
    variant = project(framework, "3.11")
    prove(request, subject(variant, programs(variant)), "new-field", tmp_path / "shop", postgres)
