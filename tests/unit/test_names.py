"""Which project names are good, and what is said of the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import UsageError
from generator.questions import names
from generator.questions.manifest import load
from generator.questions.names import PATTERN
from generator.versions.locate import template_root

UNAVAILABLE = load(template_root()).project_names


def check_project_name(name: str) -> str:
    return names.check_project_name(name, UNAVAILABLE)


@pytest.mark.parametrize("name", ["shop", "my-service", "a1", "x" * 63, "e2e-tests"])
def test_a_good_name_is_kept(name: str) -> None:
    assert check_project_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "../up", "a/b", "/etc/shop", "a\\b", "-shop", "shop-", "a--b", "1shop",
        "Shop", "my_app", "my app", "shop\n", "shop\0", "shöp", "🚀", "x" * 64, "x" * 200,
        "class", "match", "json", "http", "test", "tests", "app", "config", "apps", "site",
        "scaffold", "django", "flask", "fastapi", "sqlalchemy", "con", "nul", "com1", "null", "on",
        "flask-cors", "django-environ", "types-gunicorn", "typing-extensions", "colorama",
    ],
)  # fmt: skip
def test_a_name_that_would_break_something_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_project_name(name)
    assert "\n" not in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("My_App", "my-app"),
        ("MyApp", "my-app"),
        ("Café", "cafe"),
        ("path/to/shop", "shop"),
        ("django", "my-django"),
    ],
)
def test_a_refusal_names_a_name_nearby_that_is_good(name: str, better: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_project_name(name)
    assert refused.value.hint == f"Try {better}."


def test_every_name_that_is_listed_as_refused_is_refused() -> None:
    listed = names.refused_names(UNAVAILABLE)
    assert "flask-cors" in listed
    for name in listed:
        with pytest.raises(UsageError):
            check_project_name(name)


@given(st.text(max_size=80))
def test_whatever_is_accepted_is_a_folder_a_distribution_and_a_domain_label(name: str) -> None:
    try:
        check_project_name(name)
    except UsageError as refused:
        suggestion = refused.hint.removeprefix("Try ").removesuffix(".")
        if refused.hint.startswith("Try "):
            assert check_project_name(suggestion) == suggestion
    else:
        assert PATTERN.fullmatch(name)
        assert len(name) <= 63
        assert name.replace("-", "_").isidentifier()
