"""Answers that exclude each other are refused by every way of giving them, with the reason."""

from __future__ import annotations

import pytest

from generator.errors import UsageError
from generator.questions.answers import assigned_answers, change, complete
from generator.questions.catalog import Catalog, load_catalog
from generator.versions.locate import template_root

EXPRESS = {"framework": "express"}
WHY = "jobs=queue excludes framework=express: Express does not have background jobs yet."


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(template_root())


def made(catalog: Catalog, **assigned: str) -> dict[str, object]:
    return complete(catalog, "shop", options={}, assigned=assigned, file=EXPRESS)


def test_a_new_project_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError) as caught:
        made(catalog, jobs="queue")
    assert caught.value.message == WHY
    assert caught.value.hint == "Change one of the two answers."


def test_a_change_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="Express does not have"):
        change(catalog, made(catalog), {"jobs": "queue"})


def test_answers_of_adopt_are_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="Express does not have"):
        assigned_answers(catalog, {**EXPRESS, "jobs": "queue"}, [])


def test_an_update_keeps_answers_that_are_refused_today(catalog: Catalog) -> None:
    current = {**made(catalog), "jobs": "queue"}
    assert change(catalog, current, {})["jobs"] == "queue"


def test_what_is_no_answer_is_checked_elsewhere(catalog: Catalog) -> None:
    assert made(catalog, auth="none")["auth"] == "none"
