"""The default resource, field by field, and what `If-Match` protects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .people import Person

pytestmark = pytest.mark.items

NewItem = Callable[..., dict[str, Any]]


@pytest.mark.contract("items.fields")
def test_an_item_has_these_fields_and_defaults(me: Client) -> None:
    item = me.post("/items", {"title": "Buy tea"}).json()
    assert set(item) == {
        "id", "title", "description", "status", "due_on", "created_at", "updated_at",
    }  # fmt: skip
    assert (item["title"], item["description"]) == ("Buy tea", None)
    assert (item["status"], item["due_on"]) == ("todo", None)


@pytest.mark.contract("items.fields")
def test_every_field_of_an_item_can_be_set(me: Client) -> None:
    body = {"title": "T", "description": "D\n", "status": "done", "due_on": "2026-12-31"}
    made = me.post("/items", body).json()
    assert {name: made[name] for name in body} == body
    other = {"title": "U", "description": None, "status": "doing", "due_on": None}
    changed = me.patch(f"/items/{made['id']}", other).json()
    assert {name: changed[name] for name in other} == other


@pytest.mark.contract("items.fields")
@pytest.mark.parametrize("length", [1, 200])
def test_a_title_has_1_to_200_characters(me: Client, length: int) -> None:
    for character in "x🍵":
        assert me.post("/items", {"title": character * length}).status_code == 201


@pytest.mark.contract("items.fields", "resources.validation")
@pytest.mark.parametrize("title", ["", "x" * 201, None, 1, True, [], {}, ["x"]])
def test_any_other_title_is_422(me: Client, new_item: NewItem, title: Any) -> None:
    expect_invalid(me.post("/items", {"title": title}), "#/title")
    expect_invalid(me.patch(f"/items/{new_item()['id']}", {"title": title}), "#/title")


@pytest.mark.contract("items.fields", "resources.validation")
def test_a_title_is_required(me: Client) -> None:
    expect_invalid(me.post("/items", {}), "#/title")


@pytest.mark.contract("items.fields", "resources.validation")
@pytest.mark.parametrize("status", ["", "TODO", "todo ", "finished", None, 0, [], {}, "todo\0"])
def test_a_status_is_one_of_its_choices(me: Client, new_item: NewItem, status: Any) -> None:
    expect_invalid(me.post("/items", {"title": "x", "status": status}), "#/status")
    expect_invalid(me.patch(f"/items/{new_item()['id']}", {"status": status}), "#/status")


@pytest.mark.contract("items.fields", "resources.validation")
@pytest.mark.parametrize(
    "date",
    [
        "",
        "2026-02-30",
        "2026-1-1",
        "01.02.2026",
        "tomorrow",
        "2026-01-01T10:00:00Z",
        0,
        1.5,
        True,
        [],
        {},
    ],
)
def test_a_due_date_is_a_date(me: Client, date: Any) -> None:
    expect_invalid(me.post("/items", {"title": "x", "due_on": date}), "#/due_on")


@pytest.mark.contract("items.fields", "resources.validation")
@pytest.mark.parametrize("description", [1, True, [], {}])
def test_a_description_is_text_or_null(me: Client, description: Any) -> None:
    body = {"title": "x", "description": description}
    expect_invalid(me.post("/items", body), "#/description")


@pytest.mark.contract("items.fields")
def test_a_change_moves_updated_at_and_nothing_else(me: Client, new_item: NewItem) -> None:
    item = new_item()
    changed = me.patch(f"/items/{item['id']}", {"status": "done"}).json()
    assert changed["updated_at"] > item["updated_at"]
    assert changed["created_at"] == item["created_at"]


@pytest.mark.contract("resources.etag")
def test_an_etag_names_the_version(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    etag = me.get(path).headers["etag"]
    assert etag.removeprefix("W/").startswith('"')
    assert me.get(path).headers["etag"] == etag
    me.patch(path, {"title": "Another version"})
    assert me.get(path).headers["etag"] != etag


@pytest.mark.contract("resources.etag", "resources.if-match")
def test_two_changes_in_quick_succession_make_two_versions(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    etags = [me.get(path).headers["etag"]]
    for number in range(10):
        me.patch(path, {"title": str(number)})
        etags.append(me.get(path).headers["etag"])
    assert len(set(etags)) == len(etags)


@pytest.mark.contract("resources.if-match")
def test_the_newest_version_may_be_changed_and_deleted(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    for title in ("one", "two"):
        headers = {"If-Match": me.get(path).headers["etag"]}
        assert me.patch(path, {"title": title}, headers=headers).status_code == 200
    headers = {"If-Match": me.get(path).headers["etag"]}
    assert me.delete(path, headers=headers).status_code == 204


@pytest.mark.contract("resources.if-match", "errors.precondition")
def test_an_older_version_is_412(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    stale = {"If-Match": me.get(path).headers["etag"]}
    me.patch(path, {"title": "Newer"})
    problem = expect_problem(
        me.patch(path, {"title": "Lost"}, headers=stale), 412, "precondition-failed"
    )
    assert problem["title"] == "Precondition Failed"
    expect_problem(me.delete(path, headers=stale), 412, "precondition-failed")
    assert me.get(path).json()["title"] == "Newer"


@pytest.mark.contract("resources.if-match")
@pytest.mark.parametrize("tag", ['"nonsense"', "nonsense", '""', "W/", '"', "0", '"0"'])
def test_a_tag_that_was_never_given_is_412(me: Client, new_item: NewItem, tag: str) -> None:
    item = new_item()
    answer = me.patch(f"/items/{item['id']}", {"title": "Lost"}, headers={"If-Match": tag})
    expect_problem(answer, 412, "precondition-failed")
    assert me.get(f"/items/{item['id']}").json() == item


@pytest.mark.contract("resources.if-match")
def test_a_star_matches_whatever_is_there(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    assert me.patch(path, {"title": "x"}, headers={"If-Match": "*"}).status_code == 200
    assert me.delete(path, headers={"If-Match": "*"}).status_code == 204


@pytest.mark.contract("resources.if-match")
def test_one_of_several_tags_is_enough(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    tags = f'"other", {me.get(path).headers["etag"]}, "more"'
    assert me.patch(path, {"title": "x"}, headers={"If-Match": tags}).status_code == 200


@pytest.mark.contract("resources.if-match", "conventions.foreign-objects")
@pytest.mark.auth
def test_a_foreign_object_is_404_whatever_the_tag(
    me: Client, stranger: Person, new_item: NewItem
) -> None:
    path = f"/items/{new_item()['id']}"
    for tag in ("*", '"x"', me.get(path).headers["etag"]):
        expect_problem(stranger.delete(path, headers={"If-Match": tag}), 404)
        expect_problem(stranger.patch(path, {}, headers={"If-Match": tag}), 404)


@pytest.mark.contract("resources.if-match")
def test_of_several_changes_at_once_one_wins(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    tag = ("If-Match", me.get(path).headers["etag"])
    answers = me.race(
        [me.message("PATCH", path, json={"title": f"{n}"}, headers=[tag]) for n in range(8)]
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    assert me.get(path).json() == winner


@pytest.mark.contract("resources.if-match")
def test_of_a_change_and_a_deletion_at_once_one_wins(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    tag = ("If-Match", me.get(path).headers["etag"])
    change = me.message("PATCH", path, json={"title": "x"}, headers=[tag])
    deletion = me.message("DELETE", path, headers=[tag, ("Content-Length", "0")])
    changed, deleted = me.race([change, deletion])
    outcome = (changed.status_code, deleted.status_code)
    assert outcome in ((200, 412), (404, 204), (412, 204))
    assert me.get(path).status_code == (200 if changed.status_code == 200 else 404)


@pytest.mark.contract("resources.if-match", "input.never-5xx")
def test_of_several_deletions_at_once_one_wins(me: Client, new_item: NewItem) -> None:
    path = f"/items/{new_item()['id']}"
    tag = ("If-Match", me.get(path).headers["etag"])
    answers = me.race([me.message("DELETE", path, headers=[tag]) for _ in range(6)])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {404, 412}


@pytest.mark.contract("input.never-5xx", "conventions.created")
def test_many_writes_at_once_all_succeed(me: Client) -> None:
    messages = [me.message("POST", "/items", json={"title": f"At once {n}"}) for n in range(24)]
    answers = me.race(messages)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == len(messages)
