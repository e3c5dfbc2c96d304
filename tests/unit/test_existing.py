"""Resources of tables that exist already: how they are written, and what they cannot have."""

from __future__ import annotations

import pytest

from generator.errors import UsageError
from generator.questions import edits
from generator.questions.facts import ReservedNames
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.questions.rules import check_resources
from generator.sources.database import tables
from generator.sources.fit import Found, Place, fit
from generator.sources.raw import RawColumn, RawTable, Reference

ALBUM = (
    "album:owner=none:read=users:write=admin:table=Album:key=AlbumId title:str:column=Title"
    " artist:ref=album:optional:protect:column=ArtistId"
)


def check(*texts: str, users: bool = True) -> None:
    resources = [parse_resource(text) for text in texts]
    check_resources(resources, reserved=ReservedNames(), users=users)


def test_text_and_answer_say_the_same() -> None:
    album = parse_resource(ALBUM)
    assert album.option() == ALBUM
    assert resources_from_answer([album.answer()]) == [album]
    assert album.answer()["table"] == "Album"
    assert album.answer()["fields"][0]["column"] == "Title"
    check(ALBUM)


@pytest.mark.parametrize(
    ("texts", "users", "reason"),
    [
        (["album:table=Album title:str"], True, "have no owner"),
        (["album:key=AlbumId title:str"], False, "only a table that exists has a key"),
        (["album title:str:column=Title"], False, "only a table that exists has such a column"),
        (["album:table=My-Album title:str"], False, "no name of a table or column"),
        (["album:table=Album title:str tags:refs=album"], False, "would need a new table"),
        (["tag word:str", "album:table=Album tag:ref=tag"], False, "whose table exists, too"),
        (["album:table=Album title:str", "note albums:refs=album"], False, "no refs"),
        (["note at:datetime:default=now"], False, "only in a table that exists"),
        (["album:table=Album day:date:default=today"], False, "is not now"),
    ],
)
def test_what_such_a_table_cannot_have_is_refused(
    texts: list[str], users: bool, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        check(*texts, users=users)


def test_resources_of_the_project_can_refer_to_it() -> None:
    check("album:table=Album title:str", "note album:ref=album:cascade", users=False)


def test_its_names_are_not_renamed_and_new_fields_need_no_default() -> None:
    album = [parse_resource(ALBUM)]
    with pytest.raises(UsageError, match="does not change"):
        edits.with_renamed_field(album, "album", "title", "name")
    with pytest.raises(UsageError, match="does not change"):
        edits.with_renamed_resource(album, "album", "record", keeps_label=False)
    (more,) = edits.with_fields(album, "album", ["year:int:column=Year"])
    assert more.fields[-1].stored == "Year"


def test_options_of_access_are_changed_one_by_one() -> None:
    album = [parse_resource(ALBUM)]
    (opened,) = edits.with_access(album, "album", ["read=all"])
    assert (opened.access.owner, opened.access.read, opened.access.write) == (
        "none",
        "all",
        "admin",
    )
    with pytest.raises(UsageError, match="is no option"):
        edits.with_access(album, "album", ["all"])


def existing(*raw: RawTable) -> Found:
    return fit(tables(raw, existing=True), Place(ReservedNames(), users=False, existing=True))


def table(name: str, *columns: RawColumn, refers: str = "") -> RawTable:
    references = [Reference(["other_id"], refers)] if refers else []
    return RawTable(name, [RawColumn("id", "INTEGER"), *columns], ["id"], references)


def test_tables_in_a_circle_keep_the_column_as_a_number() -> None:
    other = RawColumn("other_id", "INTEGER", optional=True)
    found = existing(table("store", other, refers="staff"), table("staff", other, refers="store"))
    assert [one.option() for one in found.resources] == [
        "store:table=store other_id:int:optional",
        "staff:table=staff other:ref=store:optional",
    ]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (RawTable("a", [RawColumn("x", "INT"), RawColumn("y", "INT")], ["x", "y"]), "several"),
        (RawTable("a", [RawColumn("x", "INT")]), "no key"),
        (RawTable("a", [RawColumn("x", "CHAR(5)")], ["x"]), "no integer"),
        (RawTable("a", [RawColumn("x", "INT", optional=True)], ["x"], has_numbers=False), "empty"),
        (RawTable("a", is_view=True), "view"),
    ],
)
def test_a_table_that_cannot_be_served_is_left_out_with_the_reason(raw: RawTable, why: str) -> None:
    found = existing(raw)
    assert found.resources == []
    assert why in str(found.remarks[0])


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (RawColumn("at", "timestamp", default="CURRENT_TIMESTAMP"), "at:datetime:default=now"),
        (RawColumn("at", "timestamp", default="now()"), "at:datetime:default=now"),
        (RawColumn("on", "date", default="('now'::text)::date"), "on:date:default=now"),
        (RawColumn("on", "date", default="date('now')"), "on:date:default=now"),
        (RawColumn("on", "date", default="now() + '1 day'"), "on:date"),
        (RawColumn("at", "timestamp", True, "now()"), "at:datetime:optional"),
    ],
)
def test_what_the_database_fills_with_the_time_need_not_be_given(
    column: RawColumn, field: str
) -> None:
    assert existing(table("tea", column)).resources[0].option() == f"tea:table=tea {field}"


def test_limits_of_columns_keep_writes_within_the_table() -> None:
    found = existing(
        table(
            "tea",
            RawColumn("name", "VARCHAR(40)"),
            RawColumn("note", "VARCHAR(300)"),
            RawColumn("left", "smallint"),
            RawColumn("price", "NUMERIC(6,3)"),
            RawColumn("rate", "NUMERIC"),
        )
    )
    assert found.resources[0].option() == (
        "tea:table=tea name:str:length=40 note:text:length=300 left:int:min=-32768:max=32767"
        " price:decimal=6,3 rate:decimal=15,4"
    )
