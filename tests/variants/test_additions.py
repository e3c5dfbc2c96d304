"""T1: what an owner adds to a project works as the documentation of the libraries says.

The contract suite judges a project as it was delivered; this judges it as the next change finds it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.copier import render
from tests.contract.server import Project

from .model import ROOT
from .pythons import NoPythonError
from .steps import Bench
from .workshop import environment

pytestmark = pytest.mark.slow

ADDITIONS = Path(__file__).parent / "additions" / "django.py"


@pytest.mark.parametrize("python_version", ["3.11", "3.12"], ids=["django-5", "django-6"])
def test_additions_to_django(python_version: str, tmp_path: Path, postgres: str | None) -> None:
    try:
        programs = environment("django", python_version)
    except NoPythonError as error:
        pytest.skip(str(error))
    options = {"framework": "django", "python_version": python_version}
    catalog = load_catalog(ROOT)
    render(complete(catalog, "shop", options=options, assigned={}, file={}), tmp_path)
    shutil.copy(ADDITIONS, tmp_path / "tests" / "test_additions.py")
    bench = Bench(Project(tmp_path, programs), "django", "sqlite", postgres)
    for database in filter(None, ["sqlite:///test.db", postgres]):
        bench.poe("test", "--quiet", "tests/test_additions.py", TEST_DATABASE_URL=database)
