"""How a field of a resource goes on while it is typed."""

from __future__ import annotations

import pytest

from generator.questions.completing import endpoints, fields
from generator.questions.facts import ReservedNames
from generator.questions.resources import TYPES, parse_resource
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
        ("title:st", ["title:str", "title:str:optional", "title:str:unique", "title:str:index"]),
        ("title:d", ["title:decimal", "title:date", "title:datetime"]),
        ("body:te", ["body:text", "body:text:optional"]),
        ("pen:re", ["pen:ref=user", "pen:ref=pen", "pen:ref=book:optional", "pen:refs="]),
        ("pens:refs", ["pens:refs=pen", "pens:refs=book"]),
        ("pen:ref=pen?:unique:index:n", ["pen:ref=pen?:unique:index:null"]),
        ("pen:ref=pen:unique:", [f"pen:ref=pen:unique:{word}" for word in AFTER_UNIQUE]),
        ("genre:en", ["genre:enum=", "genre:enum=draft,published"]),
        ("title:str:optional:", ["title:str:optional:unique", "title:str:optional:index"]),
        ("title:str:unique:index:", ["title:str:unique:index:optional"]),
        ("genre:enum=", []),
        ("title:str?:", ["title:str?:unique", "title:str?:index"]),
        ("sold:bool:d", ["sold:bool:default=false", "sold:bool:default=true"]),
        ("genre:enum=new,old:default=old:", ["genre:enum=new,old:default=old:index"]),
        ("genre:enum=new,", []),
        ("title:nothing", []),
    ],
)
def test_a_field_goes_on(typed: str, offered: list[str]) -> None:
    assert fields(typed, TARGETS) == offered


def test_an_endpoint_goes_on_from_the_capital_letter_of_its_method() -> None:
    assert endpoints("publish:PO") == ["publish:POST", "publish:POST:collection"]
    assert endpoints("publish") == endpoints("title:str") == []
