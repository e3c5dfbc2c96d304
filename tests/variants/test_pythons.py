"""The default projects on every Python that they promise and this machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from .model import FRAMEWORKS, Variant, axes, runnable
from .proving import prove
from .pythons import find_python
from .test_run import subject
from .workshop import environment_on

pytestmark = [pytest.mark.slow, pytest.mark.nightly]


def project(framework: str, version: str) -> Variant:
    """Return the first project that is made for this Python."""
    wanted = (framework, version, "item")
    return next(v for v in runnable() if (v.framework, v["python_version"], v.resources) == wanted)


@pytest.mark.parametrize("step", ["own-tests", "check", "drift"])
@pytest.mark.parametrize("version", list(map(str, axes()["python_version"])))
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_on_each_python(
    framework: str, version: str, step: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    variant = project(framework, version)
    programs = environment_on(python, framework, variant.series)
    prove(request, subject(variant, programs), step, tmp_path / "shop", None)
