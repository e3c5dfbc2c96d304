"""Who sees and changes the objects of a resource, where it is not only their owner."""

from __future__ import annotations

import uuid

import pytest

from .client import API, Client
from .expect import expect_problem
from .openapi import body_of
from .people import Person
from .resource import Resource

pytestmark = pytest.mark.auth


@pytest.fixture
def opened(resources: list[Resource]) -> list[Resource]:
    """The resources that others than the owner of an object read."""
    found = [resource for resource in resources if not resource.access.is_private]
    if not found:
        pytest.skip("every resource is private")
    return found


@pytest.mark.contract("resources.read")
def test_what_users_read_is_seen_by_whoever_is_signed_in(
    opened: list[Resource], client: Client, stranger: Person
) -> None:
    for resource in opened:
        made = resource.make(whole=True)
        assert stranger.get(resource.url(made)).json() == made
        assert stranger.get(f"{resource.path}?size=1").json()["items"] == [made]
        if resource.access.read == "users":
            for path in (resource.path, resource.url(made)):
                expect_problem(client.get(path), 401, "not-authenticated")


@pytest.mark.contract("resources.read")
def test_what_all_read_is_seen_without_a_token(opened: list[Resource], client: Client) -> None:
    for resource in opened:
        if resource.access.read == "all":
            made = resource.make(whole=True)
            for caller in (client, client.clone(token="no-such-token")):
                answer = caller.get(resource.url(made))
                assert answer.json() == made
                assert answer.headers["etag"]
                assert caller.get(f"{resource.path}?size=1").json()["items"] == [made]
            expect_problem(client.get(f"{resource.path}/{uuid.uuid4()}"), 404)


@pytest.mark.contract("resources.write", "errors.not-authenticated")
def test_nobody_writes_without_a_token(opened: list[Resource], client: Client) -> None:
    for resource in opened:
        path, body = resource.url(resource.make()), resource.body()
        for answer in (
            client.post(resource.path, body), client.patch(path, {}), client.delete(path)
        ):  # fmt: skip
            expect_problem(answer, 401, "not-authenticated")


@pytest.mark.contract("resources.write", "errors.forbidden")
def test_others_do_not_change_what_belongs_to_somebody(
    opened: list[Resource], stranger: Person
) -> None:
    for resource in opened:
        if resource.access.is_owned:
            made = resource.make()
            path, stale = resource.url(made), {"If-Match": '"x"'}
            for answer in (
                stranger.patch(path, {}),
                stranger.patch(path, {}, headers=stale),
                stranger.delete(path),
            ):
                expect_problem(answer, 403, "forbidden")
            assert resource.owner.get(path).json() == made


@pytest.mark.contract("resources.write", "errors.forbidden")
def test_only_administrators_write_what_is_theirs(opened: list[Resource], stranger: Person) -> None:
    for resource in opened:
        if resource.access.write == "admin":
            made, body = resource.make(), resource.body()
            path = resource.url(made)
            for answer in (
                stranger.post(resource.path, body),
                stranger.patch(path, {}),
                stranger.delete(path),
                stranger.delete(f"{resource.path}/{uuid.uuid4()}"),
            ):
                expect_problem(answer, 403, "forbidden")
            assert resource.owner.get(path).json() == made


@pytest.mark.contract("resources.write")
def test_whoever_is_signed_in_writes_what_users_write(
    opened: list[Resource], stranger: Person
) -> None:
    for resource in opened:
        if resource.access.write == "users":
            path = resource.url(resource.make())
            etag = stranger.get(path).headers["etag"]
            assert stranger.patch(path, {}, headers={"If-Match": etag}).status_code == 200
            assert stranger.delete(path).status_code == 204


@pytest.mark.contract("resources.endpoints", "resources.read")
def test_an_endpoint_that_reads_is_for_whoever_reads(
    opened: list[Resource], client: Client, stranger: Person
) -> None:
    for resource in opened:
        made, is_public = resource.make(), resource.access.read == "all"
        for operation in resource.document.endpoints(resource.path):
            if operation.method != "GET":
                continue
            path = operation.path.removeprefix(API).replace("{id}", made["id"])
            for caller in (stranger, client) if is_public else (stranger,):
                answer = caller.get(path).json()
                assert made == answer if "{id}" in operation.path else made in answer["items"]
            if not is_public:
                expect_problem(client.get(path), 401, "not-authenticated")
            assert any(operation.spec.get("security", [])) is not is_public


@pytest.mark.contract("resources.endpoints", "resources.write")
def test_an_endpoint_that_changes_is_for_whoever_writes(
    opened: list[Resource], client: Client, stranger: Person
) -> None:
    for resource in opened:
        made, write = resource.make(), resource.access.write
        for operation in resource.document.endpoints(resource.path):
            if operation.method == "GET":
                continue
            is_single = "{id}" in operation.path
            path = operation.path.removeprefix(API).replace("{id}", made["id"])
            answer = client.request(operation.method, path, **body_of(operation))
            expect_problem(answer, 401, "not-authenticated")
            answer = stranger.request(operation.method, path, **body_of(operation))
            may_refuse = write == "admin" or (is_single and write == "owner")
            assert (resource.document.response(operation, 403) is not None) == may_refuse
            if may_refuse:
                expect_problem(answer, 403, "forbidden")
            elif is_single:
                assert answer.json() == made
            else:
                assert (made in answer.json()["items"]) == (write == "users")


@pytest.mark.contract("resources.owner-id")
def test_an_object_that_others_read_tells_its_owner(
    opened: list[Resource], stranger: Person
) -> None:
    for resource in opened:
        made = resource.make()
        assert ("owner_id" in made) == resource.access.is_shared
        if resource.access.is_shared:
            me = resource.owner.get("/users/me").json()["id"]
            assert made["owner_id"] == me
            theirs = Resource(stranger, resource.document, resource.path, resource.admin)
            forged = stranger.post(resource.path, theirs.body({"owner_id": me})).json()
            assert forged["owner_id"] == stranger.id
            for owner_id, newest in ((me, made), (stranger.id, forged)):
                query = {"owner_id": owner_id, "size": 1}
                assert stranger.get(resource.path, params=query).json()["items"] == [newest]


@pytest.mark.contract("resources.references")
def test_a_reference_can_be_to_whatever_its_setter_reads(
    resources: list[Resource], stranger: Person
) -> None:
    for resource in resources:
        for name, field in resource.fields.items():
            referred = resource.referred(field) if field.is_reference else None
            if referred and not referred.access.is_private:
                theirs = Resource(stranger, resource.document, referred.path, resource.admin)
                target = theirs.make()["id"]
                assert resource.make(overrides={name: target})[name] == target


@pytest.mark.contract("resources.include", "document.same")
def test_what_no_reader_may_see_cannot_be_included(opened: list[Resource]) -> None:
    for resource in opened:
        for field in resource.fields.values() if resource.access.read == "all" else ():
            referred = resource.referred(field) if field.is_reference or field.is_many else None
            if referred:
                is_seen = referred.access.read == "all"
                assert (resource.included(field) is not None) == is_seen, field.name


@pytest.mark.contract("resources.include", "resources.read")
def test_what_the_caller_may_not_see_is_not_embedded(
    opened: list[Resource], client: Client, stranger: Person
) -> None:
    for resource in opened:
        is_public = resource.access.read == "all"
        callers = [resource.owner, stranger, *([client] if is_public else [])]
        for name, field in resource.fields.items():
            key, referred = resource.included(field), resource.referred(field)
            if key is None or referred is None:
                continue
            made = resource.make(overrides={name: resource.value(field)})
            for caller in callers:
                read = caller.get(resource.url(made), params={"include": key}).json()
                is_seen = caller is resource.owner or not referred.access.is_private
                assert bool(read[key]) == is_seen
                assert read == {**made, key: read[key]}
                page = caller.get(resource.path, params={"include": key, "size": 1}).json()
                assert page["items"] == [read]
