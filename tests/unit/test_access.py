"""Who reads and writes a resource: how it is written, what makes no sense, what a change opens."""

from __future__ import annotations

from typing import Any

import pytest

from generator.engine.opening import opened
from generator.errors import UsageError
from generator.questions import completing
from generator.questions.access import CHOICES
from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.questions.manifest import Manifest
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.versions.locate import template_root

CATALOG = load_catalog(template_root())
PUBLIC = "owner=none:read=all:write=admin"
NOW, ROWS = "From now on,", "every row in books"


def answers(*texts: str, auth: str = "tokens") -> dict[str, Any]:
    return complete(CATALOG, "shop", options={"auth": auth}, assigned={}, file={}, resources=texts)


def refusal(*texts: str, auth: str = "tokens") -> str:
    with pytest.raises(UsageError) as refused:
        answers(*texts, auth=auth)
    return f"{refused.value.message} {refused.value.hint}"


def test_options_follow_the_name_and_plural() -> None:
    (notice,) = answers(f"notice/news:{PUBLIC} title:str")["resources"]
    fields = [{"name": "title", "type": "str"}]
    names = {"name": "notice", "plural": "news", "owner": "none", "read": "all", "write": "admin"}
    assert notice == {**names, "fields": fields}


def test_what_is_default_is_not_recorded() -> None:
    (book,) = answers("book:owner=user:read=owner:write=owner title:str")["resources"]
    assert book.keys() == {"name", "plural", "fields"}


@pytest.mark.parametrize("access", CHOICES, ids=lambda access: access.option())
def test_a_resource_is_read_from_what_it_is_written_as(access: Any) -> None:
    resource = parse_resource(f"book{access.option()} title:str publish:POST top:GET:collection")
    assert resource.access == access
    assert parse_resource(resource.option()) == resource
    assert resources_from_answer([resource.answer()]) == [resource]


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("book:owner=none title:str", f"book:{PUBLIC}"),
        ("book:owner=none:read=all title:str", "so write=owner makes no sense"),
        ("book:owner=none:read=owner:write=admin title:str", "so read=owner makes no sense"),
        ("book:write=admin title:str", f"book:{PUBLIC}"),
        ("book:read=all:write=users title:str", "book:owner=none:read=all:write=users"),
        ("book:read=everybody title:str", "Choose read=owner or read=users or read=all."),
        ("book:raed=all title:str", "Did you mean read?"),
        ("book:read title:str", "Choose read=owner or read=users or read=all."),
        ("book:read=all:read=all title:str", "Remove one of them."),
    ],
)
def test_options_that_make_no_sense_are_refused_with_the_cure(text: str, cure: str) -> None:
    assert cure in refusal(text)


@pytest.mark.parametrize("access", CHOICES, ids=lambda access: access.option())
def test_without_accounts_there_are_no_options(access: Any) -> None:
    assert "choose --auth tokens" in refusal(f"book{access.option()} title:str", auth="none")


def test_rows_without_an_owner_do_not_refer_to_what_only_owners_see() -> None:
    texts = ("book title:str", f"notice:{PUBLIC} book:ref=book")
    assert "Write book:read=users" in refusal(*texts)
    assert answers("book:read=users title:str", texts[1])


def test_a_value_that_is_no_word_is_refused() -> None:
    with pytest.raises(UsageError, match="read cannot be 'True'"):
        resources_from_answer([{"name": "book", "read": True, "fields": []}])


def test_a_template_that_does_not_know_the_options_says_to_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without(manifest: Manifest, framework: str | None) -> Any:
        facts = manifest.frameworks[framework or "fastapi"]
        return type(facts)(**{**vars(facts), "has_access": False})

    monkeypatch.setattr(Manifest, "facts", without)
    assert "First: scaffold update" in refusal("book:read=all title:str")
    assert answers("book title:str")


def test_a_shell_completes_what_makes_sense() -> None:
    whole = [f"book{access.option()}" for access in CHOICES]
    assert completing.options("book:") == [*whole, "book:table=", "book:unique="]
    assert completing.options("book:table=Old:") == [
        "book:table=Old:key=",
        "book:table=Old:unique=",
    ]
    assert "write=admin" in completing.access_options([])
    assert completing.access_options(["read=all", "owner=none"]) == [
        *("write=owner", "write=users", "write=admin")
    ]
    assert completing.options("book:read=all:un") == ["book:read=all:unique="]
    assert completing.options("book:owner=none:read=all:w") == [
        "book:owner=none:read=all:write=users",
        "book:owner=none:read=all:write=admin",
    ]


def says(before: str, after: str) -> list[str]:
    old, new = (answers(f"book{options} title:str:unique") for options in (before, after))
    return list(opened(old, new))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "",
            ":read=users",
            ["From now on, everybody who is signed in can read every row in books."],
        ),
        (":read=users", ":read=all", ["From now on, everybody can read every row in books."]),
        (":read=all", ":read=users", []),
        (":read=users", "", []),
        (
            ":owner=none:read=all:write=admin",
            ":owner=none:read=all:write=users",
            [f"{NOW} everybody who is signed in can change and delete {ROWS}."],
        ),
        (":owner=none:read=all:write=users", ":owner=none:read=users:write=admin", []),
        (
            "",
            f":{PUBLIC}",
            [
                f"The next migration drops the owner of {ROWS}, and fails where two have the same "
                "title.",
                f"{NOW} everybody can read {ROWS}.",
                f"{NOW} administrators can change and delete {ROWS}.",
            ],
        ),
    ],
)
def test_a_change_says_whom_it_lets_in(before: str, after: str, told: list[str]) -> None:
    assert says(before, after) == told


def test_rows_that_get_an_owner_with_accounts_get_options_later() -> None:
    old, new = answers("book title:str", auth="none"), answers("book:read=all title:str")
    with pytest.raises(UsageError, match="get an owner") as refused:
        list(opened(old, new))
    assert refused.value.hint == "First: scaffold set auth=tokens. Then set read=all."


def test_a_lost_owner_is_told_of_what_is_unique_together() -> None:
    old, new = (
        answers(f"book{option}:unique=title+year title:str year:int")
        for option in ("", f":{PUBLIC}")
    )
    assert "fails where two have the same title and year." in next(opened(old, new))


def test_rows_cannot_be_given_an_owner() -> None:
    with pytest.raises(UsageError, match="Rows of books have no owner") as refused:
        says(f":{PUBLIC}", ":read=all")
    assert "scaffold generate field book maker:ref=user?" in refused.value.hint
