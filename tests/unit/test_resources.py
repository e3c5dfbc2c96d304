"""`--resource "item title:str"`: the form, the rules, and the answer that comes of it."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import UsageError
from generator.questions.catalog import load_catalog
from generator.questions.facts import ReservedNames
from generator.questions.plurals import IRREGULAR, pluralize, singularize, singulars
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import MODIFIERS, TYPES
from generator.questions.rules import check_resources
from generator.versions.locate import template_root
from tests.unit.any_resource import TARGETS_OF_USERS, any_resource

CATALOG = load_catalog(template_root())
DEFAULT = (
    "item title:str description:text:optional status:enum=todo,doing,done due_on:date:optional"
)


def parse(*texts: str, framework: str = "fastapi", users: bool = True) -> list[dict[str, Any]]:
    resources = [parse_resource(text) for text in texts]
    reserved = CATALOG.manifest.facts(framework).reserved
    check_resources(resources, reserved=reserved, users=users)
    return [resource.answer() for resource in resources]


def refusal(*texts: str, users: bool = True) -> str:
    with pytest.raises(UsageError) as refused:
        parse(*texts, users=users)
    line = f"{refused.value.message} {refused.value.hint}"
    assert "\n" not in line
    return line


def test_a_resource_is_written_as_it_is_given() -> None:
    octopus = "octopus/octopodes arm:int:unique:index owner_of:ref=octopus:optional"
    for text in (DEFAULT, octopus, "book title:str publish:POST latest:GET:collection"):
        assert parse_resource(text).option() == text


def test_the_default_resource_can_be_written_on_the_command_line() -> None:
    default = CATALOG.questions["resources"].default
    assert parse(DEFAULT) == default
    # The order of the keys as well: a project made with the option equals one made without.
    assert yaml.dump(parse(DEFAULT), sort_keys=False) == yaml.dump(default, sort_keys=False)


def test_an_endpoint_is_recorded_without_what_is_off() -> None:
    (book,) = parse("book title:str publish:POST latest:GET:collection")
    assert book["endpoints"] == [
        {"name": "publish", "method": "POST"},
        {"name": "latest", "method": "GET", "collection": True},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a:POST a:GET", "two endpoints of that name"),
        ("list:GET", "every resource has or uses an operation of that name"),
        ("import:POST", "a keyword of the Python language"),
        ("a:POST:all", "Write a:POST or a:POST:collection."),
        (f"{'a' * 21}:POST", "longer than 20 characters"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(text: str, reason: str) -> None:
    assert reason in refusal(f"book title:str {text}")


def test_a_label_is_another_name_that_no_resource_can_have() -> None:
    known = [parse_resource("volume title:str"), parse_resource("book title:str")]
    known[0] = replace(known[0], label="books")
    with pytest.raises(UsageError, match="would share the name books"):
        check_resources(known, reserved=ReservedNames(), users=True)


def test_every_type_and_modifier_is_understood() -> None:
    (resource,) = parse(
        "product name:str:unique body:text count:int:index rate:float price:decimal on:bool "
        "made:date seen:datetime key:uuid extra:json mail:email web:url kind:enum=a,b "
        "author:ref=user others:refs=product parent:ref=product:optional"
    )
    assert [field["type"] for field in resource["fields"]] == [*TYPES, "ref"]
    assert resource["fields"][0] == {"name": "name", "type": "str", "unique": True}
    assert resource["fields"][-1] == {
        "name": "parent", "type": "ref", "target": "product", "optional": True,
    }  # fmt: skip


def test_a_ref_may_name_a_resource_given_earlier() -> None:
    shelf, book = parse("shelf name:str", "book title:str shelf:ref=shelf")
    assert shelf["plural"] == "shelves"
    assert book["fields"][1]["target"] == "shelf"


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("item", "items"), ("category", "categories"), ("day", "days"), ("box", "boxes"),
        ("branch", "branches"), ("address", "addresses"), ("photo", "photos"), ("hero", "heroes"),
        ("person", "people"), ("child", "children"), ("order_line", "order_lines"),
        ("sales_person", "sales_people"), ("sheep", "sheep"), ("equipment", "equipment"),
        ("analysis", "analyses"), ("knife", "knives"),
    ],
)  # fmt: skip
def test_plurals_are_english(name: str, plural: str) -> None:
    assert pluralize(name) == plural


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True) | st.sampled_from(sorted(IRREGULAR)))
def test_the_singulars_of_a_plural_are_all_names_that_have_it(name: str) -> None:
    found = singulars(pluralize(name))
    assert name in found
    assert {pluralize(singular) for singular in found} == {pluralize(name)}


@pytest.mark.parametrize(
    ("plural", "name"),
    [
        ("books", "book"),
        ("categories", "category"),
        ("movies", "movie"),
        ("addresses", "address"),
        ("houses", "house"),
        ("statuses", "status"),
        ("order_boxes", "order_box"),
        ("people", "person"),
        ("series", "series"),
        ("album", "album"),
        ("address", "address"),
    ],
)
def test_the_most_likely_singular_is_found(plural: str, name: str) -> None:
    assert singularize(plural) == name


@pytest.mark.parametrize(
    ("modifier", "recorded"),
    [("cascade", "cascade"), ("protect", "protect"), ("optional:null", "set_null")],
)
def test_a_ref_says_what_the_delete_of_its_target_does(modifier: str, recorded: str) -> None:
    text = f"item author:ref=user:{modifier}"
    (resource,) = parse(text)
    assert resource["fields"][0]["on_delete"] == recorded
    assert resources_from_answer([resource])[0].option() == text


def test_a_refs_records_what_one_of_the_many_is_called() -> None:
    (resource,) = parse("product related_categories:refs=product")
    assert resource["fields"][0] == {
        "name": "related_categories", "type": "refs", "target": "product",
        "singular": "related_category",
    }  # fmt: skip


def test_a_refs_and_a_resource_share_no_table() -> None:
    texts = ("tag word:str", "book tags:refs=tag", "book_tag/book_tags note:str")
    parse(*texts)
    assert "share the table books_tags" in refusal(*texts[:2], "link/books_tags note:str")


def test_a_plural_can_be_given() -> None:
    assert parse("octopus/octopodes arms:int")[0]["plural"] == "octopodes"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("item", "has no fields"),
        ("item title", "has no type. Write title:str"),
        ("item title:", "has no type"),
        ("item title:string", "there is no type 'string'. Did you mean str?"),
        ("item title:str:uniq", "Did you mean unique?"),
        ("item title:str:unique:unique", "twice"),
        ("item title:str=5", "takes no argument"),
        ("item status:enum", "an enum needs choices"),
        ("item status:enum=a,a", "each of them once"),
        ("item status:enum=Draft", "'Draft' cannot be a choice"),
        ("item status:enum=a,,b", "'' cannot be a choice"),
        ("item body:text:unique", "cannot be unique or indexed. Make it a str."),
        ("item done:bool:index", "cannot be unique or indexed"),
        ("item data:json:unique", "cannot be unique or indexed"),
        ("item kind:enum=a,b:unique", "an enum cannot be unique"),
        ("item author:ref=user:unique", "ref=user cannot be unique"),
        ("item author:ref=user:null", "Write author:ref=user:optional:null"),
        ("item author:ref=user:cascade:protect", "both cascade and protect"),
        ("item others:refs=user", "a refs points to"),
        ("item others:refs=item:optional", "has no modifier optional"),
        ("item other_ids:refs=item", "Write a plural"),
        ("item items:refs=item", "Choose another name, such as related:refs=item"),
        ("item tag:ref=user tags:refs=item", "two fields of that name"),
        ("item others:refs", "a refs points to"),
        ("item title:str:cascade", "only a ref can be cascade"),
        ("item parent:ref", "a ref points to user, to its own resource or to one given before"),
        ("item parent:ref=thing", "parent:ref=item"),
        ("item parent:ref=item", "Write parent:ref=item:optional"),
        ("item title:str title:int", "two fields of that name"),
        ("item author:ref=user author_id:int", "two fields of that name"),
        ("item author_id:int author:ref=user", "two fields of that name"),
        ("item author_id:ref=user", "Write author:ref=..."),
        ("item owner:ref=user", "every resource has or uses that name"),
        ("item model_name:str", "belong to the libraries"),
        ("item _x:str", "belong to the libraries"),
        ("item Title:str", "use lower-case"),
        ("item a__b:str", "use lower-case"),
        ("item class:str", "Python code uses that name"),
        ("item self:str", "Python code uses that name"),
        ("item copy:str", "hide a method"),
        ("item page:int", "query parameter"),
        ("item id:uuid", "has or uses that name"),
        (f"item {'x' * 31}:str", "longer than 24"),
        (f"{'x' * 25} title:str", "longer than 20"),
        ("Item title:str", "use lower-case"),
        ("item2 title:str", "use lower-case"),
        ("user name:str", "the project uses that name"),
        ("core name:str", "the project uses that name"),
        ("list name:str", "Python has a built-in"),
        ("query name:str", "a library of the project"),
        ("class name:str", "a keyword of the Python language"),
        ("octopus/users arms:int", "the project uses that name"),
        ("exception text:str", "Python has a built-in"),
        ("none text:str", "Python has a built-in"),
        ("item create:enum=a,b", "like that of the Create schema"),
        ("item sort:int:min=1", "query parameter"),
        ("item mapped_column:str", "every resource has or uses that name"),
        ("item stars:int:min=x", "the min 'x' is not an integer"),
        ("item stars:int:min=5:max=5", "min must be less than max"),
        ("item stars:int:min=1:min=2", "has min twice"),
        ("item stars:int:min=", "min has no value"),
        ("item stars:int:min=1?", "Write int?:min=1."),
        ("item stars:int:length=5", "a int has no length. It is for: str, text."),
        ("item stars:int:pattern=[0-9]", "a int has no pattern"),
        ("item price:decimal:min=1.234", "with 2 decimals"),
        ("item price:decimal=16,2", "up to 15 digits"),
        ("item price:decimal=4,4", "one before the point at least"),
        ("item price:decimal=four", "is no scale"),
        ("item name:str:length=9..2", "the length of a str is from 1 to 1000"),
        ("item name:str:length=0", "the length of a str is from 1 to 1000"),
        ("item name:str:length=many", "is no length"),
        ("item name:str:length=700:index", "too long for an index"),
        ("item day:date:min=2026-02-30", "is not a date such as"),
        ("item stars:int:min=1:default=0", "is not as its min says"),
        ("item name:str:length=2:default=long", "is not as its length says"),
        ("item code:str:default=a:pattern=[0-9]+", "is not as its pattern says"),
        ("item stars:int:unique:min=1:max=5", "few values that all differ"),
        ("item day:date:unique:min=2026-01-01", "few values that all differ"),
        ("item code:str:unique:pattern=[a-z]+", "few values that all differ"),
        ("item code:str:length=3:pattern=[a-z]{4}", "its length does not fit 'aaaa'"),
        ("item code:str:pattern=", "pattern has no value"),
        ("item code:str:pattern=.+", "Name them, such as [A-Za-z0-9_]."),
        ("item code:str:pattern=[a-z]*", "Write + in place of *."),
        ("item code:str:pattern=(?=a)a", "differ between languages"),
        ("item code:str:pattern=[^a]", "a class says which characters there are"),
        ("item code:str:pattern=(a", "a ( has no )"),
        ("item code:str:pattern=a{300}", "no count up to 200"),
        ("item:unique=a+b a:str", "there is no field 'b'"),
        ("item:unique=a a:str", "A single field has the modifier unique"),
        ("item:unique=a+b:unique=b+a a:str b:str", "is given twice"),
        ("item:unique=a+b a:str b:text", "b is a text, which cannot be unique"),
        ("item:unique=a+b a:bool b:enum=c,d", "these fields have few values together"),
        ("item:unique=a+b a:url b:str", "an index has no room"),
        ("item:uniqe=a+b a:str b:str", "Did you mean unique?"),
        ("item:unique a:str b:str", "Write item:unique=FIELD+FIELD."),
    ],
)
def test_what_could_not_work_is_refused_with_its_cure(text: str, says: str) -> None:
    assert says in refusal(text)


def test_two_resources_cannot_share_a_name() -> None:
    assert "share the name items" in refusal("item title:str", "items/itemses title:str")
    assert "share the name item" in refusal("item title:str", "item name:str")


def test_a_ref_to_users_needs_users() -> None:
    assert "--auth tokens" in refusal("item author:ref=user", users=False)


def test_a_file_is_a_reference_to_one() -> None:
    text = "book title:str cover:file:optional scan:file:unique:cascade"
    book = parse_resource(text)
    check_resources([book], reserved=ReservedNames(), users=True, files=True)
    assert book.answer()["fields"][1] == {
        "name": "cover", "type": "ref", "target": "file", "optional": True,
    }  # fmt: skip
    assert book.fields[1].column == "cover_id"
    assert book.option() == text
    assert parse_resource(text.replace("file", "ref=file")) == book


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("book cover:file=image", "file takes no argument"),
        ("book covers:refs=file", "a refs points to its own resource"),
        ("book:owner=none:read=all:write=admin cover:file", "files are seen by their owners only"),
    ],
)
def test_what_no_file_can_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check_resources([parse_resource(text)], reserved=ReservedNames(), users=True, files=True)


def test_files_need_a_storage() -> None:
    assert "--storage files" in refusal("book cover:file")


@pytest.mark.parametrize(
    "answer",
    [
        None, "item", 5, {}, [1], [{"name": "item"}], [{"name": 5, "fields": []}],
        [{"name": "item", "fields": "x"}], [{"name": "item", "fields": [{"name": "x"}]}],
        [{"name": "item", "felds": []}],
        [{"name": "item", "fields": [{"name": "x", "type": "str", "optional": "maybe"}]}],
        [{"name": "item", "fields": [{"name": "x", "type": "enum", "choices": [True]}]}],
        [{"name": "item", "fields": [{"name": "x", "type": "enum", "choices": "ab"}]}],
        [{"name": "item", "fields": [{"name": "x", "type": "str", "choices": ["a"]}]}],
        [{"name": "item", "fields": [{"name": "x", "type": "str", "target": "user"}]}],
        [{"name": "item", "fields": [{"name": ["x"], "type": "str"}]}],
    ],
)  # fmt: skip
def test_resources_from_a_file_are_checked_alike(answer: object) -> None:
    with pytest.raises(UsageError):
        check_resources(resources_from_answer(answer), reserved=ReservedNames(), users=True)


@pytest.mark.parametrize("text", ["account name:str", "message body:text", "item save:str"])
def test_names_that_django_has_itself_are_refused_for_django_alone(text: str) -> None:
    parse(text)
    with pytest.raises(UsageError, match="Django"):
        parse(text, framework="django")


@pytest.mark.parametrize(
    ("given", "recorded", "value"),
    [
        (r"^[A-Z]{3}-\d{4}$", "[A-Z]{3}-[0-9]{4}", "AAA-0007"),
        (r"[a-z0-9]+(-[a-z0-9]+)*", "[a-z0-9]+(?:-[a-z0-9]+)*", "a7"),
        (r"\d{2}:\d{2}", "[0-9]{2}:[0-9]{2}", "00:00"),
        (r"red|blue", "(?:red|blue)", "red"),
        (r"\w+\@x\.org", r"[A-Za-z0-9_]+@x\.org", "A7@x.org"),
        (r"\{[a-z-]\}", r"\{[a-z\-]\}", "{a}"),
        ("it's", "it's", "it's"),
    ],
)
def test_a_pattern_is_recorded_as_all_languages_read_it_with_a_value_that_it_matches(
    given: str, recorded: str, value: str
) -> None:
    (item,) = parse(f"item code:str?:pattern={given}")
    assert item["fields"][0]["pattern"] == recorded
    assert item["fields"][0]["sample"].format(n=7) == value
    assert re.fullmatch(recorded, value)


words = st.from_regex(r"[a-z_]{1,32}|.{0,8}", fullmatch=True)
fields = st.lists(
    st.builds(
        lambda name, kind, modifiers: ":".join([name, kind, *modifiers]),
        words,
        st.sampled_from([*TYPES, "enum=a,b", "enum=", "ref=user", "ref=item"]) | words,
        st.lists(st.sampled_from(MODIFIERS), max_size=2),
    ),
    max_size=4,
)


@given(name=words, fields=fields)
def test_whatever_is_typed_is_refused_in_one_line_or_gives_names_python_can_use(
    name: str, fields: list[str]
) -> None:
    try:
        (resource,) = parse(" ".join([name, *fields]))
    except UsageError as refused:
        assert "\n" not in refused.message
        return
    names = [resource["name"], *(field["name"] for field in resource["fields"])]
    assert all(word.isidentifier() and not keyword.iskeyword(word) for word in names)


@given(name=words, fields=fields)
def test_an_accepted_resource_is_the_same_when_read_back_from_its_answer(
    name: str, fields: list[str]
) -> None:
    try:
        answer = parse(" ".join([name, *fields]))
    except UsageError:
        return
    again = resources_from_answer(yaml.safe_load(yaml.dump(answer)))
    assert [resource.answer() for resource in again] == answer


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(resource=any_resource())
def test_an_accepted_resource_is_the_same_when_read_back_from_its_text_and_its_answer(
    resource: str,
) -> None:
    try:
        parse(*TARGETS_OF_USERS, resource)
    except UsageError as refused:
        assert "\n" not in refused.message
        return
    read = parse_resource(resource)
    assert parse_resource(read.option()) == read
    assert resources_from_answer(yaml.safe_load(yaml.dump([read.answer()]))) == [read]
