"""T1: what an owner adds to a project works as the documentation of the libraries says.

The contract suite judges a project as it was delivered; this judges it as the next change finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from .model import Variant, all_variants
from .proving import prove
from .steps import STEPS
from .test_run import subject

pytestmark = [pytest.mark.slow, pytest.mark.seconds(STEPS["additions"].seconds)]

ADDITIONS = Path(__file__).parent / "additions" / "django.py"


@pytest.mark.parametrize("python_version", ["3.11", "3.12"], ids=["django-5", "django-6"])
def test_additions_to_django(
    python_version: str,
    request: pytest.FixtureRequest,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    tmp_path: Path,
) -> None:
    of_this_series = (
        variant
        for variant in all_variants()
        if (variant.framework, variant.resources) == ("django", "item")
        and (variant["auth"], variant["python_version"]) == ("tokens", python_version)
    )
    project = subject(variant := next(of_this_series), programs(variant))
    tree = {**project.tree, "tests/test_additions.py": ADDITIONS.read_bytes()}
    prove(request, replace(project, tree=tree), "additions", tmp_path / "shop", postgres)
