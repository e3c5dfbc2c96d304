"""How a field of a resource goes on while it is typed."""

from __future__ import annotations

import pytest

from generator.questions.completing import endpoints, fields
from generator.questions.facts import ReservedNames
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import TYPES
from generator.questions.rules import check_resources

TARGETS = ["user", "pen", "book:optional"]
AFTER_UNIQUE = ["optional", "index", "cascade", "protect"]


@pytest.mark.parametrize("typed", [*TYPES, "enum=new,old", "ref=user", "ref=pen", "str?", "bool?"])
def test_what_is_offered_after_a_type_is_accepted(typed: str) -> None:
    offered = fields(f"kind:{typed}", TARGETS)
    assert offered
    longer = [field for one in offered for field in fields(f"{one}:", TARGETS)]
    pen = parse_resource("pen ink:str")
    for field in [*offered, *longer]:
        if not field.endswith("="):
            book = parse_resource(f"book {field}")
            check_resources([pen, book], reserved=ReservedNames(), users=True)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("mail:em", ["mail:email", "mail:email:optional", "mail:email:unique", "mail:email:index"]),
        ("title:d", ["title:decimal", "title:date", "title:datetime"]),
        ("body:te", ["body:text", "body:text:optional", "body:text:length="]),
        ("pen:re", ["pen:ref=user", "pen:ref=pen", "pen:ref=book:optional", "pen:refs="]),
        ("pens:refs", ["pens:refs=pen", "pens:refs=book"]),
        ("pen:ref=pen?:unique:index:n", ["pen:ref=pen?:unique:index:null"]),
        ("pen:ref=pen:unique:", [f"pen:ref=pen:unique:{word}" for word in AFTER_UNIQUE]),
        ("genre:en", ["genre:enum=", "genre:enum=draft,published"]),
        ("born:date:optional:", [
            "born:date:optional:unique", "born:date:optional:index", "born:date:optional:min=",
            "born:date:optional:max=",
        ]),
        ("born:date:min=2000-01-01:m", ["born:date:min=2000-01-01:max="]),
        ("born:date:min=:", []),
        ("code:str:pattern=[a-z]+:", []),
        ("key:uuid:unique:index:", ["key:uuid:unique:index:optional"]),
        ("genre:enum=", []),
        ("mail:email?:", ["mail:email?:unique", "mail:email?:index"]),
        ("sold:bool:d", ["sold:bool:default=false", "sold:bool:default=true"]),
        ("genre:enum=new,old:default=old:", ["genre:enum=new,old:default=old:index"]),
        ("genre:enum=new,", []),
        ("title:nothing", []),
    ],
)  # fmt: skip
def test_a_field_goes_on(typed: str, offered: list[str]) -> None:
    assert fields(typed, TARGETS) == offered


def test_a_file_is_offered_where_there_are_files() -> None:
    targets = [*TARGETS, "file"]
    assert fields("cover:fi", targets)[:2] == ["cover:file", "cover:file:optional"]
    assert fields("cover:file:c", targets)[0] == "cover:file:cascade"
    assert "cover:file" not in fields("cover:", TARGETS)
    assert fields("cover:ref=", targets) == fields("cover:ref=", TARGETS)
    assert fields("covers:refs=", targets) == fields("covers:refs=", TARGETS)


def test_a_field_of_a_table_that_exists_names_its_column() -> None:
    assert fields("born:date:", [], is_existing=True)[-1] == "born:date:column="
    assert "born:date:column=Born:column=" not in fields(
        "born:date:column=Born:", [], is_existing=True
    )
    assert "pens:refs=" not in fields("pens:re", TARGETS, is_existing=True)
    assert all(":column=" not in one for one in fields("born:date:", []))


def test_an_endpoint_goes_on_from_the_capital_letter_of_its_method() -> None:
    assert endpoints("publish:PO") == ["publish:POST", "publish:POST:collection"]
    assert endpoints("publish") == endpoints("title:str") == []
