"""Conventions: paths, JSON, ids, times, statuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2 as httpx
import pytest

from .client import API, Client
from .expect import expect_problem
from .openapi import Document
from .people import Host, Person
from .record import TIME, UUID7
from .resource import Resource

NewItem = Callable[..., dict[str, Any]]
OUTSIDE = ("/health/", "/openapi.json", "/docs", "/metrics", "/admin")
INDEX = "/"


@pytest.mark.contract("conventions.base-path")
def test_the_api_lives_under_its_base_path(document: Document) -> None:
    strays = [
        path
        for path in document.paths
        if path != INDEX and not path.startswith((f"{API}/", *OUTSIDE))
    ]
    assert not strays


@pytest.mark.contract("conventions.base-path")
@pytest.mark.items
def test_nothing_answers_outside_the_base_path(client: Client) -> None:
    expect_problem(client.root.get("/items"), 404)
    expect_problem(client.root.get("/api/items"), 404)
    expect_problem(client.root.get("/api/v2/items"), 404)


@pytest.mark.contract("conventions.no-trailing-slash")
def test_no_path_ends_in_a_slash(document: Document) -> None:
    assert not [path for path in document.paths if path != INDEX and path.endswith("/")]


@pytest.mark.contract("conventions.no-trailing-slash")
def test_a_path_with_a_slash_added_does_not_exist(me: Client, document: Document) -> None:
    for resource in document.resources:
        expect_problem(me.get(f"{resource}/"), 404)
        expect_problem(me.post(f"{resource}/", {}), 404)


@pytest.mark.contract("conventions.json")
@pytest.mark.items
@pytest.mark.parametrize("title", ["Grüße aus Łódź", "茶 🍵", "\u202eright to left", "e\u0301"])
def test_text_comes_back_as_it_was_sent(me: Client, new_item: NewItem, title: str) -> None:
    item = new_item(title=title)
    answer = me.get(f"/items/{item['id']}")
    assert answer.json()["title"] == title
    assert answer.headers["content-type"].partition(";")[0] == "application/json"
    answer.content.decode("utf-8")


@pytest.mark.contract("conventions.json")
@pytest.mark.items
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"],
)
def test_json_is_taken_with_and_without_a_charset(me: Client, content_type: str) -> None:
    body = '{"title": "é"}'.encode()
    answer = me.request("POST", "/items", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 201
    assert answer.json()["title"] == "é"


@pytest.mark.contract("conventions.snake-case")
def test_documented_keys_are_snake_case(document: Document) -> None:
    schemas = document.content["components"]["schemas"]
    keys = [key for schema in schemas.values() for key in schema.get("properties", {})]
    assert keys
    assert not [key for key in keys if key != key.lower() or "-" in key]


@pytest.mark.contract("conventions.ids")
@pytest.mark.items
def test_ids_are_uuids_of_version_7_and_grow(new_item: NewItem) -> None:
    ids = [new_item()["id"] for _ in range(5)]
    assert all(UUID7.fullmatch(id) for id in ids)
    stamps = [int(id.replace("-", "")[:12], 16) for id in ids]
    now = datetime.now(UTC).timestamp() * 1000
    assert stamps == sorted(stamps)
    assert all(abs(now - stamp) < 60_000 for stamp in stamps)


@pytest.mark.contract("conventions.times")
@pytest.mark.items
def test_times_are_utc_and_end_in_z(new_item: NewItem) -> None:
    item = new_item()
    for name in ("created_at", "updated_at"):
        assert TIME.fullmatch(item[name])
        assert abs(datetime.fromisoformat(item[name]) - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.contract("conventions.created")
@pytest.mark.items
def test_creating_answers_201_and_where_it_is(me: Client) -> None:
    created = me.post("/items", {"title": "Here"})
    assert created.status_code == 201
    assert (
        created.url.join(created.headers["location"]).path == f"{API}/items/{created.json()['id']}"
    )
    assert me.follow(created).json() == created.json()


@pytest.mark.contract("conventions.patch")
@pytest.mark.items
def test_patch_leaves_what_it_does_not_name(me: Client, new_item: NewItem) -> None:
    item = new_item(title="Before", description="Stays", status="doing", due_on="2026-01-31")
    changed = me.patch(f"/items/{item['id']}", {"title": "After"})
    assert changed.status_code == 200
    expected = {**item, "title": "After", "updated_at": changed.json()["updated_at"]}
    assert changed.json() == expected
    assert me.get(f"/items/{item['id']}").json() == expected


@pytest.mark.contract("conventions.empty-patch")
def test_an_empty_patch_changes_nothing(resources: list[Resource]) -> None:
    for resource in resources:
        made, owner = resource.make(whole=True), resource.owner
        etag = owner.get(resource.url(made)).headers["etag"]
        changed = owner.patch(resource.url(made), {})
        assert changed.status_code == 200, changed.text
        assert changed.json() == made
        assert owner.get(resource.url(made)).headers["etag"] == etag


PER_ANSWER = {"date", "x-request-id", "keep-alive", "connection", "transfer-encoding"}


def _lasting(answer: httpx.Response) -> dict[str, str]:
    """The headers that do not differ from one response to the next."""
    return {name: value for name, value in answer.headers.items() if name not in PER_ANSWER}


@pytest.mark.contract("conventions.head")
def test_head_is_answered_as_get_is(
    me: Client, document: Document, resources: list[Resource]
) -> None:
    api = me.root
    objects = [API + resource.url(resource.make()) for resource in resources]
    fixed = [o.path for o in document.operations if o.method == "GET" and "{" not in o.path]
    for path in [*fixed, *objects, "/", "/docs", "/openapi.json", "/no/such/path"]:
        head, get = api.request("HEAD", path), api.get(path)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert _lasting(head) == _lasting(get), path


@pytest.mark.contract("conventions.deleted", "conventions.empty")
@pytest.mark.items
def test_deleting_answers_an_empty_204(me: Client, new_item: NewItem) -> None:
    item = new_item()
    deleted = me.delete(f"/items/{item['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    expect_problem(me.get(f"/items/{item['id']}"), 404)
    expect_problem(me.delete(f"/items/{item['id']}"), 404)


@pytest.mark.contract("conventions.empty")
@pytest.mark.auth
def test_a_202_is_empty(host: Host) -> None:
    answer = host.client.post("/auth/password/forgot", {"email": "nobody@example.com"})
    assert (answer.status_code, answer.content) == (202, b"")


UNKNOWN: dict[str, Any] = {
    "id": "01890000-0000-7000-8000-000000000000",
    "owner_id": "01890000-0000-7000-8000-000000000000",
    "user_id": "01890000-0000-7000-8000-000000000000",
    "role": "admin",
    "is_admin": True,
    "email_verified": True,
    "is_active": False,
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "__proto__": {},
    "no_such_field": 1,
}


@pytest.mark.contract("conventions.unknown-fields")
@pytest.mark.items
def test_unknown_fields_set_nothing_on_a_new_object(me: Client) -> None:
    created = me.post("/items", {"title": "Mine", **UNKNOWN})
    assert created.status_code == 201
    item = created.json()
    assert not [key for key in item.keys() & UNKNOWN.keys() if item[key] == UNKNOWN[key]]
    assert set(item) == set(me.post("/items", {"title": "Mine"}).json())
    assert me.get(f"/items/{item['id']}").status_code == 200


@pytest.mark.contract("conventions.unknown-fields")
@pytest.mark.items
def test_unknown_fields_set_nothing_on_a_change(me: Client, new_item: NewItem) -> None:
    item = new_item()
    changed = me.patch(f"/items/{item['id']}", UNKNOWN)
    assert changed.status_code == 200
    assert changed.json() == item


@pytest.mark.contract("conventions.unknown-fields")
@pytest.mark.auth
def test_nobody_registers_as_an_admin(host: Host) -> None:
    me = host.person(**UNKNOWN).me()
    assert (me["role"], me["email_verified"]) == ("user", False)
    assert me["id"] != UNKNOWN["id"]


@pytest.mark.contract("conventions.unknown-fields")
@pytest.mark.auth
def test_nobody_makes_themselves_an_admin(newcomer: Person) -> None:
    before = newcomer.me()
    answer = newcomer.patch("/users/me", {**UNKNOWN, "name": "Me", "email": "other@example.com"})
    assert answer.status_code == 200
    assert newcomer.me() == {**before, "name": "Me"}


@pytest.mark.contract("conventions.unknown-fields")
@pytest.mark.auth
def test_an_admin_sets_only_what_an_admin_may(host: Host, newcomer: Person) -> None:
    user = newcomer.me()
    path = f"/users/{user['id']}"
    body = {"name": "Named", "email": "x@example.com", "email_verified": True, "id": UNKNOWN["id"]}
    assert host.admin().patch(path, body).status_code == 200
    assert newcomer.me() == {**user, "name": "Named"}


@pytest.mark.contract("conventions.foreign-objects")
@pytest.mark.auth
@pytest.mark.items
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_someone_elses_object_is_404(
    me: Client, stranger: Person, new_item: NewItem, method: str
) -> None:
    item = new_item()
    body = {"json": {"title": "Taken over"}} if method == "PATCH" else {}
    expect_problem(stranger.request(method, f"/items/{item['id']}", **body), 404)
    assert me.get(f"/items/{item['id']}").json() == item


@pytest.mark.contract("conventions.missing-role", "errors.forbidden")
@pytest.mark.auth
def test_a_missing_role_is_403(stranger: Person) -> None:
    for request in (
        stranger.get("/users"),
        stranger.get(f"/users/{stranger.id}"),
        stranger.patch(f"/users/{stranger.id}", {"role": "admin"}),
    ):
        expect_problem(request, 403, "forbidden")
    assert stranger.me()["role"] == "user"
