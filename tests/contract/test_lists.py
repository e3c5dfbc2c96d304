"""Lists: pages, sorting, searching, filters."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from .client import Client
from .expect import expect_invalid
from .people import Host

pytestmark = pytest.mark.items

NewItem = Callable[..., dict[str, Any]]
Find = Callable[..., dict[str, Any]]


@pytest.fixture
def mark() -> str:
    """A word of this test's own, to tell its items from others'."""
    return uuid.uuid4().hex


@pytest.fixture
def find(me: Client, mark: str) -> Find:
    def ask(**query: Any) -> dict[str, Any]:
        answer = me.get("/items", params={"q": mark, **query})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return ask


def _titles(page: dict[str, Any]) -> list[str]:
    return [item["title"].split()[0] for item in page["items"]]


@pytest.fixture
def five(new_item: NewItem, mark: str) -> list[dict[str, Any]]:
    return [new_item(title=f"{letter} {mark}") for letter in "CAEBD"]


@pytest.mark.contract("lists.shape")
def test_a_list_is_a_page(find: Find, five: list[dict[str, Any]], me: Client) -> None:
    page = find(page=2, size=2)
    assert set(page) == {"items", "total", "page", "size"}
    assert (page["total"], page["page"], page["size"], len(page["items"])) == (5, 2, 2, 2)
    item = page["items"][0]
    assert item == me.get(f"/items/{item['id']}").json()


@pytest.mark.contract("lists.shape")
def test_an_empty_list_is_a_page_too(find: Find) -> None:
    assert find() == {"items": [], "total": 0, "page": 1, "size": 20}


@pytest.mark.contract("lists.size")
def test_a_page_has_20_by_default_and_up_to_100(find: Find, new_item: NewItem, mark: str) -> None:
    for number in range(101):
        new_item(title=f"{number} {mark}")
    assert (len(find()["items"]), find()["size"], find()["total"]) == (20, 20, 101)
    assert len(find(size=100)["items"]) == 100
    assert len(find(size=1)["items"]) == 1
    assert len(find(size=100, page=2)["items"]) == 1


@pytest.mark.contract("lists.size")
@pytest.mark.parametrize("name", ["size", "page"])
@pytest.mark.parametrize("value", ["0", "-1", "", "x", "1.5", "null"])
def test_an_odd_size_or_page_is_422(me: Client, name: str, value: str) -> None:
    expect_invalid(me.get("/items", params={name: value}), parameter=name)


@pytest.mark.contract("input.strict-queries")
@pytest.mark.parametrize("name", ["size", "page"])
@pytest.mark.parametrize("value", ["+1", " 5", "5 ", "1_0", "1e1", "1.0", "0x1", "١", "true"])
def test_a_number_in_a_query_is_decimal_digits(me: Client, name: str, value: str) -> None:
    expect_invalid(me.get("/items", params={name: value}), parameter=name)


@pytest.mark.contract("lists.size")
def test_a_size_over_100_is_422(me: Client) -> None:
    expect_invalid(me.get("/items?size=101"), parameter="size")


@pytest.mark.contract("lists.past-end")
def test_a_page_past_the_end_is_empty(find: Find, five: list[dict[str, Any]]) -> None:
    for number in (2, 3, 1000, 10**6):
        page = find(page=number)
        assert (page["items"], page["total"], page["page"]) == ([], 5, number)


@pytest.mark.contract("items.order")
def test_the_newest_come_first(find: Find, five: list[dict[str, Any]]) -> None:
    assert [item["id"] for item in find()["items"]] == [item["id"] for item in reversed(five)]


@pytest.mark.contract("lists.sort", "items.order")
def test_sort_orders_both_ways(find: Find, five: list[dict[str, Any]]) -> None:
    assert _titles(find(sort="title")) == list("ABCDE")
    assert _titles(find(sort="-title")) == list("EDCBA")
    assert _titles(find(sort="created_at")) == list("CAEBD")
    assert _titles(find(sort="-created_at")) == list("DBEAC")


@pytest.mark.contract("lists.sort")
@pytest.mark.parametrize(
    "sort", ["nonsense", "-", "--title", "-nonsense", "password_hash", "owner_id", "__dict__", "1"]
)
def test_an_unknown_sort_is_422(me: Client, sort: str) -> None:
    expect_invalid(me.get("/items", params={"sort": sort}), parameter="sort")


@pytest.mark.contract("lists.ties")
@pytest.mark.parametrize("sort", ["status", "-status", "due_on", "-due_on"])
def test_pages_of_equal_items_never_overlap(
    me: Client, find: Find, new_item: NewItem, mark: str, sort: str
) -> None:
    made = {new_item(title=f"{n} {mark}")["id"] for n in range(9)}
    for id in sorted(made)[::2]:  # A database may keep what has changed in another place.
        assert me.patch(f"/items/{id}", {"description": "Changed"}).status_code == 200
    pages = [find(sort=sort, size=2, page=number)["items"] for number in range(1, 6)]
    ids = [item["id"] for page in pages for item in page]
    assert len(ids) == 9
    assert set(ids) == made
    assert ids == sorted(ids, reverse=ids[0] > ids[-1])


@pytest.mark.contract("lists.sort")
def test_sorting_by_a_field_that_may_be_null_loses_nothing(
    find: Find, new_item: NewItem, mark: str
) -> None:
    made = [new_item(title=mark, due_on=due)["id"] for due in ("2026-02-01", None, "2026-01-01")]
    for sort in ("due_on", "-due_on"):
        ids = [item["id"] for item in find(sort=sort)["items"]]
        assert sorted(ids) == sorted(made)
        assert (ids.index(made[2]) < ids.index(made[0])) is (sort == "due_on")


@pytest.mark.contract("lists.nulls")
@pytest.mark.parametrize("sort", ["due_on", "-due_on"])
def test_rows_without_a_value_come_last(
    find: Find, new_item: NewItem, mark: str, sort: str
) -> None:
    for due in ("2026-02-01", None, "2026-01-01", None):
        new_item(title=mark, due_on=due)
    days = [item["due_on"] for item in find(sort=sort)["items"]]
    assert days[2:] == [None, None]
    assert days[:2] == sorted(filter(None, days), reverse=sort.startswith("-"))


@pytest.mark.contract("lists.search-scripts")
@pytest.mark.parametrize(
    "text",
    ["ΟΔΟΣ", "οδός", "ΣΊΣΥΦΟΣ", "İstanbul", "DİYARBAKIR", "ılık", "Straße", "ŁÓDŹ", "ﬁn", "ǅ"],
)
def test_a_text_finds_itself(find: Find, new_item: NewItem, mark: str, text: str) -> None:
    item = new_item(title=f"{mark} {text}")
    assert [found["id"] for found in find(q=f"{mark} {text}")["items"]] == [item["id"]]


@pytest.mark.contract("lists.search")
def test_search_looks_into_every_text_field(find: Find, new_item: NewItem, mark: str) -> None:
    made = {
        new_item(title=f"In the {mark} title")["id"],
        new_item(description=f"In the {mark} description")["id"],
    }
    new_item(title="Elsewhere")
    assert {item["id"] for item in find()["items"]} == made


@pytest.mark.contract("lists.search")
@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Tea", "tEA"),
        ("ÉCOLE", "école"),
        ("école", "ÉCOLE"),
        ("Ångström", "åNGSTRÖM"),
        ("ЧАЙ", "чай"),
    ],
)
def test_search_disregards_case(
    find: Find, new_item: NewItem, mark: str, stored: str, asked: str
) -> None:
    new_item(title=f"{mark} {stored}")
    assert find(q=f"{mark} {asked}")["total"] == 1
    assert find(q=f"{mark.upper()} {stored}")["total"] == 1


@pytest.mark.contract("lists.search-literal")
@pytest.mark.parametrize("sign", ["%", "_", "\\", "\\%", "%%", "'", '"', "*", "?", "[a]", "\\\\"])
def test_signs_in_a_search_stand_for_themselves(
    find: Find, new_item: NewItem, mark: str, sign: str
) -> None:
    hit = new_item(title=f"{mark}{sign}x")
    new_item(title=f"{mark}ax")
    new_item(title=f"{mark}aax")
    assert [item["id"] for item in find(q=f"{mark}{sign}x")["items"]] == [hit["id"]]


@pytest.mark.contract("lists.filters")
def test_a_choice_is_filtered_by_its_name(find: Find, new_item: NewItem, mark: str) -> None:
    made = {status: new_item(title=mark, status=status) for status in ("todo", "doing", "done")}
    for status, item in made.items():
        page = find(status=status)
        assert page["total"] == 1
        assert page["items"] == [item]


@pytest.mark.contract("lists.filters")
@pytest.mark.parametrize("value", ["someday", "TODO", "", "todo,done", "1"])
def test_a_choice_that_does_not_exist_is_422(me: Client, value: str) -> None:
    expect_invalid(me.get("/items", params={"status": value}), parameter="status")


@pytest.mark.contract("lists.shape", "lists.sort", "lists.size")
@pytest.mark.auth
def test_users_are_listed_the_same_way(host: Host) -> None:
    admin = host.admin()
    mark = uuid.uuid4().hex[:10]
    emails = [host.register(f"{letter}-{mark}@example.com") for letter in "bca"]
    answer = admin.get("/users", params={"q": mark.upper(), "sort": "email", "size": 2})
    page = answer.json()
    assert [user["email"] for user in page["items"]] == sorted(emails)[:2]
    assert (page["total"], page["page"], page["size"]) == (3, 1, 2)
    expect_invalid(admin.get("/users?sort=password"), parameter="sort")
    expect_invalid(admin.get("/users?size=101"), parameter="size")
