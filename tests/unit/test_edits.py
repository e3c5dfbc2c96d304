"""Resources and fields that are added to others, or taken from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from generator.errors import UsageError
from generator.questions import edits
from generator.questions.endpoints import Endpoint
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import Resource

SHOP = [
    parse_resource("author name:str"),
    parse_resource("book title:str pages:int author:ref=author"),
    parse_resource("tag word:str also:refs=tag"),
]
Edit = Callable[[Sequence[Resource]], Sequence[Resource]]


def options(edit: Edit) -> list[str]:
    """Return what `edit` makes of the shop's resources, as --resource takes them."""
    return [resource.option() for resource in edit(SHOP)]


def test_a_new_resource_comes_last() -> None:
    review = "review stars:int book:ref=book"
    assert options(partial(edits.with_resource, text=review))[3:] == [review]


def test_new_fields_come_last_in_their_resource() -> None:
    texts = ["summary:text?", "stock:int:default=0"]
    assert options(partial(edits.with_fields, name="book", texts=texts))[1] == (
        "book title:str pages:int author:ref=author summary:text:optional stock:int:default=0"
    )


def test_a_resource_moves_behind_what_a_new_field_refers_to() -> None:
    moved = options(partial(edits.with_fields, name="author", texts=["label:ref=tag?"]))
    assert [option.split()[0] for option in moved] == ["tag", "author", "book"]


def test_a_resource_and_fields_are_taken_away() -> None:
    assert len(options(partial(edits.without_resource, name="book"))) == 2
    left = options(partial(edits.without_fields, name="book", words=["title", "author"]))
    assert left[1] == "book pages:int"


def test_one_of_many_is_called_by_the_new_name_of_the_field() -> None:
    (*_, renamed) = edits.with_renamed_field(SHOP, "tag", "also", "similar_words")
    assert renamed.option() == "tag word:str similar_words:refs=tag"
    assert renamed.fields[1].names == {
        *("similar_words", "similar_word_ids", "similar_word_id", "similar_word_links")
    }


def test_references_follow_a_resource_that_is_renamed() -> None:
    renamed = partial(edits.with_renamed_resource, name="author", new="person")
    assert options(partial(renamed, keeps_label=False))[:2] == [
        "person name:str",
        "book title:str pages:int author:ref=person",
    ]


def test_a_renamed_resource_keeps_its_first_plural_as_label_until_it_has_it_again() -> None:
    names = ["volume", "tome", "book"]
    known, old, labels = list(SHOP), "book", []
    for new in names:
        known = edits.with_renamed_resource(known, old, new, keeps_label=True)
        old, labels = new, [*labels, known[1].label]
    assert labels == ["books", "books", ""]
    assert known == SHOP


def test_an_endpoint_comes_and_goes() -> None:
    more = edits.with_endpoint(SHOP, "book", Endpoint("publish", "POST"))
    assert more[1].option().endswith("author:ref=author publish:POST")
    assert edits.without_endpoint(more, "book", "publish") == SHOP


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (partial(edits.with_resource, text="book title:str"), "scaffold generate field book"),
        (partial(edits.with_fields, name="bok", texts=["a:str?"]), "Did you mean book?"),
        (partial(edits.with_fields, name="book", texts=["title:str?"]), "has a field title"),
        (
            partial(edits.with_fields, name="book", texts=["size:int"]),
            "Write size:int:optional, or give it a default: size:int:default=VALUE",
        ),
        (partial(edits.with_fields, name="author", texts=["best:ref=book?"]), "to each other"),
        (
            partial(edits.with_renamed_resource, name="book", new="tag", keeps_label=False),
            "There is a resource tag already.",
        ),
        (
            partial(edits.with_renamed_resource, name="book", new="book", keeps_label=False),
            "is called book already",
        ),
        (
            partial(edits.with_renamed_resource, name="book", new="a b:str", keeps_label=False),
            "Write NAME, or NAME/PLURAL.",
        ),
        (partial(edits.without_endpoint, name="book", word="publish"), "has no endpoint 'publish'"),
        (partial(edits.without_resource, name="author"), "scaffold destroy field book author"),
        (partial(edits.without_fields, name="book", words=["page"]), "Did you mean pages?"),
        (partial(edits.without_fields, name="tag", words=["word", "also"]), "destroy resource tag"),
    ],
)
def test_what_cannot_be_done_names_the_cure(edit: Edit, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        edit(SHOP)
    assert reason in f"{refused.value.message} {refused.value.hint}"
