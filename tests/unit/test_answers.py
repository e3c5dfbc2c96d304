"""Answers that a project has, and what is judged of them when some change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.errors import UsageError
from generator.questions.answers import change, complete
from generator.questions.catalog import Catalog, load_catalog
from generator.questions.manifest import Manifest
from generator.questions.resource_texts import parse_resource
from generator.versions.locate import template_root

CATALOG = load_catalog(template_root())


def test_a_name_that_is_refused_today_does_not_keep_its_project_from_changing() -> None:
    before = Catalog(CATALOG.questions, Manifest())
    answers = complete(before, "flask-cors", options={}, assigned={}, file={})
    assert change(CATALOG, answers, {"auth": "none"})["auth"] == "none"
    with pytest.raises(UsageError, match="is installed with the project"):
        change(CATALOG, answers, {"project_name": "flask-cors"})


def test_a_template_that_reserves_no_names_takes_them_all() -> None:
    foreign = Catalog(CATALOG.questions, Manifest())
    file = {"resources": [{"name": "query", "fields": [{"name": "page", "type": "int"}]}]}
    given = {"options": {}, "assigned": {}, "file": file}
    assert complete(foreign, "shop", **given)["resources"][0]["plural"] == "queries"
    with pytest.raises(UsageError, match="'query' cannot be"):
        complete(CATALOG, "shop", **given)


@pytest.mark.parametrize("field", ["author:ref=user:cascade", "others:refs=item"])
def test_what_an_older_template_does_not_know_of_references_names_the_update(field: str) -> None:
    facts = {"fastapi": replace(CATALOG.manifest.facts("fastapi"), has_relations=False)}
    older = replace(CATALOG, manifest=replace(CATALOG.manifest, frameworks=facts))
    with pytest.raises(UsageError) as refused:
        complete(older, "shop", options={}, assigned={}, file={}, resources=[f"item {field}"])
    assert refused.value.hint == "First: scaffold update"


@pytest.mark.parametrize(
    "text", ["item stars:int:min=1", "item rate:decimal=8,4", "item:unique=a+b a:str b:str"]
)
def test_limits_wait_for_a_version_of_the_template_that_knows_them(text: str) -> None:
    old = Catalog(CATALOG.questions, Manifest())
    answers = complete(old, "shop", options={}, assigned={}, file={})
    limited = {"resources": [parse_resource(text).answer()]}
    assert change(CATALOG, answers, limited)["resources"] == limited["resources"]
    with pytest.raises(UsageError, match="has no limits of fields") as refused:
        change(old, answers, limited)
    assert refused.value.hint == "First: scaffold update"


def test_storage_stays_while_a_field_refers_to_files() -> None:
    answers = complete(CATALOG, "shop", options={"storage": "files"}, assigned={}, file={})
    book = parse_resource("book title:str cover:file").answer()
    filed = change(CATALOG, answers, {"resources": [book]})
    with pytest.raises(UsageError, match=r"book.cover: without storage there are no files"):
        change(CATALOG, filed, {"storage": "none"})


@pytest.mark.parametrize("text", ["file title:str", "paper/files title:str"])
def test_a_resource_is_called_file_only_where_there_are_no_uploads(text: str) -> None:
    given = {"options": {}, "assigned": {}, "file": {}, "resources": [text]}
    answers = complete(CATALOG, "shop", **given)
    assert answers["resources"][0]["plural"] == "files"
    with pytest.raises(UsageError, match="uploads have that name"):
        change(CATALOG, answers, {"storage": "files"})
    with pytest.raises(UsageError, match="uploads have that name"):
        complete(CATALOG, "shop", **given | {"options": {"storage": "files"}})
    with_files = complete(CATALOG, "shop", **given | {"resources": []}) | {"storage": "files"}
    with pytest.raises(UsageError, match="uploads have that name"):
        change(CATALOG, with_files, {"resources": [parse_resource(text).answer()]})
