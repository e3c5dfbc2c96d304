"""T1: what an owner adds to a project works as the documentation of the libraries says.

The contract suite judges a project as it was delivered; this judges it as the next change finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from .model import Variant, all_variants
from .proving import Subject, prove
from .steps import STEPS
from .test_run import subject
from .workshop import environment

pytestmark = [pytest.mark.slow, pytest.mark.seconds(STEPS["additions"].seconds)]

ADDITIONS = Path(__file__).parent / "additions"
OBSERVERS = ("opentelemetry-sdk>=1.45", "prometheus-client", "sentry-sdk>=2.75")
PACKAGES = {
    "fastapi": (
        *OBSERVERS,
        "fastapi-pagination>=0.15",
        "opentelemetry-instrumentation-fastapi",
        "prometheus-fastapi-instrumentator>=8",
        "sqladmin>=0.27",
        "websockets>=16",
    ),
    "flask": (
        *OBSERVERS,
        "flask-admin[sqlalchemy]>=2.2",
        "flask-login>=0.6",
        "opentelemetry-instrumentation-flask",
        "prometheus-flask-exporter>=0.23",
    ),
    "django": (
        *OBSERVERS,
        "django-allauth>=65",
        "django-axes>=8.3",
        "django-debug-toolbar>=8",
        "django-prometheus>=2.5",
        "opentelemetry-instrumentation-django",
    ),
}
# What is written at the end of files of the project, beside the file with the tests.
TESTS = {"fastapi": "fastapi.py", "flask": "flask.py", "django": "django_packages.py"}
APPENDED = {
    "django": {"config/settings.py": "django_settings.py", "config/urls.py": "django_urls.py"}
}


def project(framework: str, python_version: str) -> Variant:
    """Return the smallest project of the framework with users."""
    return next(
        variant
        for variant in all_variants()
        if (variant.framework, variant.resources) == (framework, "item")
        and (variant["auth"], variant["python_version"]) == ("tokens", python_version)
    )


def added(to: Subject, tests: str, appended: Mapping[str, str]) -> Subject:
    """Return the project with what its owner added."""
    own = {path: to.tree[path] + (ADDITIONS / file).read_bytes() for path, file in appended.items()}
    tree = {**to.tree, **own, "tests/test_additions.py": (ADDITIONS / tests).read_bytes()}
    return replace(to, tree=tree)


@pytest.mark.parametrize("python_version", ["3.11", "3.12"], ids=["django-5", "django-6"])
def test_additions_to_django(
    python_version: str,
    request: pytest.FixtureRequest,
    programs: Callable[[Variant], Path],
    postgres: str | None,
    tmp_path: Path,
) -> None:
    variant = project("django", python_version)
    extended = added(subject(variant, programs(variant)), "django.py", {})
    prove(request, extended, "additions", tmp_path / "shop", postgres)


@pytest.mark.parametrize("framework", PACKAGES)
def test_packages_work_as_their_manuals_say(
    framework: str, request: pytest.FixtureRequest, postgres: str | None, tmp_path: Path
) -> None:
    variant = project(framework, "3.11")
    programs = environment(framework, "3.11", *PACKAGES[framework])
    extended = added(subject(variant, programs), TESTS[framework], APPENDED.get(framework, {}))
    prove(request, extended, "additions", tmp_path / "shop", postgres)
