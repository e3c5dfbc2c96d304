"""Every resource of the project, whatever its name and fields: known from the OpenAPI document."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from .client import API
from .expect import expect_invalid, expect_problem
from .openapi import body_of
from .people import Person
from .resource import Resource

WRONG: dict[str, list[Any]] = {
    "string": [1, True, [], {}],
    "integer": ["x", 1.5, [], {}],
    "number": ["x", [], {}],
    "boolean": ["x", 7, [], {}],
    "array": ["x", 1, {}],
    "object": ["x", 1, []],
    "any": [],
}
FORMATS = ("date", "date-time", "time", "uuid", "email", "uri")


@pytest.mark.contract("resources.crud", "conventions.created")
@pytest.mark.parametrize("whole", [False, True], ids=["required fields", "all fields"])
def test_an_object_is_made_and_found(resources: list[Resource], whole: bool) -> None:
    for resource in resources:
        body = resource.body(whole=whole)
        made = resource.owner.post(resource.path, body)
        assert made.status_code == 201, made.text
        assert resource.owner.follow(made).json() == made.json()
        for name in body.keys() & made.json().keys():
            if not isinstance(body[name], float | str) or resource.fields[name].is_text:
                assert made.json()[name] == body[name]
        found = resource.owner.get(f"{resource.path}?size=1").json()["items"]
        assert found == [made.json()]


@pytest.mark.contract("resources.crud", "conventions.patch")
def test_each_field_is_changed_alone(resources: list[Resource]) -> None:
    for resource in resources:
        before = resource.make(whole=True)
        for name, value in resource.body(whole=True).items():
            if name not in resource.patchable:
                continue
            answer = resource.owner.patch(resource.url(before), {name: value})
            assert answer.status_code == 200, answer.text
            after = answer.json()
            changed = {key for key in after if after[key] != before[key]}
            assert changed <= {name, "updated_at"}
            before = after


@pytest.mark.contract("resources.crud")
def test_a_field_that_may_be_null_can_be_emptied(resources: list[Resource]) -> None:
    for resource in resources:
        made = resource.make(whole=True)
        for name, field in resource.fields.items():
            if field.nullable and not field.required and name in resource.patchable:
                answer = resource.owner.patch(resource.url(made), {name: None})
                assert answer.status_code == 200, answer.text
                assert answer.json()[name] is None


@pytest.mark.contract("resources.crud", "conventions.deleted")
def test_a_deleted_object_is_gone(resources: list[Resource]) -> None:
    for resource in resources:
        path = resource.url(resource.make())
        assert resource.owner.delete(path).status_code == 204
        for answer in (resource.owner.get(path), resource.owner.delete(path)):
            expect_problem(answer, 404)


@pytest.mark.contract("resources.validation", "errors.pointer")
def test_a_missing_field_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        for name, field in resource.fields.items():
            if field.required:
                body = resource.body()
                del body[name]
                expect_invalid(resource.owner.post(resource.path, body), f"#/{name}")


@pytest.mark.contract("resources.validation", "errors.pointer")
def test_a_wrong_type_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        made, good = resource.make(), resource.body()
        for name, field in resource.fields.items():
            wrong = list(WRONG[field.kind]) + ["nonsense"] * (field.format in FORMATS)
            if field.format == "decimal":
                wrong = ["nonsense", [], {}]  # It may also be a number.
            for value in wrong:
                answer = resource.owner.post(resource.path, {**good, name: value})
                expect_invalid(answer, f"#/{name}")
                if name in resource.patchable:
                    answer = resource.owner.patch(resource.url(made), {name: value})
                    expect_invalid(answer, f"#/{name}")


@pytest.mark.contract("resources.limits", "errors.pointer")
def test_a_value_at_a_limit_is_accepted_and_one_beyond_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        made = resource.make()
        for name, field in resource.fields.items():
            for within, beyond in field.edges():
                whole = resource.body({name: within}, whole=True)
                accepted = resource.owner.post(resource.path, whole)
                assert accepted.status_code == 201, f"{name}={within!r}: {accepted.text}"
                refused = resource.owner.post(resource.path, resource.body({name: beyond}))
                expect_invalid(refused, f"#/{name}")
                if name in resource.patchable:
                    refused = resource.owner.patch(resource.url(made), {name: beyond})
                    expect_invalid(refused, f"#/{name}")


@pytest.mark.contract("resources.validation", "input.nul", "input.surrogates")
def test_text_that_cannot_be_stored_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        good = resource.body()
        for name, field in resource.fields.items():
            for value in ("a\0b", "\ud800"):
                if field.kind == "string":
                    answer = resource.owner.post(resource.path, {**good, name: value})
                    expect_invalid(answer, f"#/{name}")
                elif field.kind in ("any", "object"):
                    body = {**good, name: {"a": [value]}}
                    problem = expect_invalid(resource.owner.post(resource.path, body))
                    assert problem["errors"][0]["pointer"].startswith(f"#/{name}")


@pytest.mark.contract("input.depth", "input.never-5xx")
def test_json_that_is_nested_deeply_is_422_and_breaks_no_list(resources: list[Resource]) -> None:
    for resource in resources:
        good = resource.body()
        for name, field in resource.fields.items():
            if field.kind == "any":
                value: list[Any] = []
                for _ in range(300):
                    value = [value]
                answer = resource.owner.post(resource.path, {**good, name: value})
                expect_invalid(answer)
        assert resource.owner.get(resource.path).status_code == 200


@pytest.mark.contract("resources.validation")
def test_null_is_422_where_it_is_not_allowed(resources: list[Resource]) -> None:
    for resource in resources:
        good = resource.body()
        for name, field in resource.fields.items():
            if not field.nullable and field.kind != "any":
                answer = resource.owner.post(resource.path, {**good, name: None})
                expect_invalid(answer, f"#/{name}")


@pytest.mark.contract("resources.validation")
def test_a_reference_to_nothing_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        for name, field in resource.fields.items():
            if field.is_reference:
                body = resource.body({name: str(uuid.uuid4())})
                answer = resource.owner.post(resource.path, body)
                assert answer.status_code in (409, 422), answer.text
            if field.is_many:
                body = resource.body({name: [str(uuid.uuid4())]})
                expect_invalid(resource.owner.post(resource.path, body), f"#/{name}")


@pytest.mark.contract("resources.references", "resources.validation")
@pytest.mark.auth
def test_a_reference_to_somebody_elses_object_is_422(
    resources: list[Resource], stranger: Person
) -> None:
    for resource in resources:
        made = resource.make()
        theirs = Resource(stranger, resource.document, resource.path, resource.admin)
        for name, field in resource.fields.items():
            is_any = field.is_reference or field.is_many
            referred = theirs.referred(field) if is_any else None
            if referred and referred.access.is_private:  # Users can be named by everybody.
                target = referred.make()["id"]
                body = {name: [target] if field.is_many else target}
                expect_invalid(resource.owner.post(resource.path, resource.body(body)), f"#/{name}")
                expect_invalid(resource.owner.patch(resource.url(made), body), f"#/{name}")


@pytest.mark.contract("resources.many", "conventions.empty-patch")
def test_references_to_many_are_a_set_of_ids(resources: list[Resource]) -> None:
    for resource in resources:
        for name, field in resource.fields.items():
            if not field.is_many:
                continue
            if resource.target(field) is None:
                continue
            ids = sorted(str(resource.target(field)) for _ in range(3))
            twice = resource.owner.post(resource.path, resource.body({name: [ids[0], ids[0]]}))
            expect_invalid(twice, f"#/{name}")
            assert resource.make()[name] == []
            made = resource.make(overrides={name: [ids[1], ids[0]]})
            assert made[name] == ids[:2]
            before = resource.owner.get(resource.url(made)).headers["etag"]
            changed = resource.owner.patch(resource.url(made), {name: ids[1:]})
            assert changed.json()[name] == ids[1:]
            assert changed.json()["updated_at"] > made["updated_at"]
            assert changed.headers["etag"] != before
            page = resource.owner.get(resource.path, params={field.filter: ids[2]}).json()
            assert page["items"] == [changed.json()]
            assert resource.owner.get(resource.path, params={field.filter: ids[0]}).json() == {
                "items": [], "total": 0, "page": 1, "size": 20,
            }  # fmt: skip


@pytest.mark.contract("resources.include")
def test_what_a_request_includes_is_embedded(resources: list[Resource]) -> None:
    paths = [*(resource.path for resource in resources), "/users", "/files"]
    for resource in resources:
        document, owner = resource.document, resource.owner
        made, names = resource.make(whole=True), document.included(resource.path)
        for name in names:
            read = owner.get(resource.url(made), params={"include": name}).json()
            page = owner.get(resource.path, params={"include": name, "size": 1}).json()
            assert page["items"] == [read]
            assert {key: value for key, value in read.items() if key != name} == made
            embedded = read[name] if isinstance(read[name], list) else [read[name]]
            for one in filter(None, embedded):
                assert one["id"] in str({key: value for key, value in made.items() if key != "id"})
                reading = {owner.get(path + f"/{one['id']}").text for path in paths}
                if "email_verified" not in one:
                    assert one in [json.loads(text) for text in reading]
        every = owner.get(resource.url(made), params={"include": names}).json()
        assert every.keys() == {*made, *names}
        assert owner.get(resource.url(made)).json() == made


@pytest.mark.contract("resources.include")
@pytest.mark.auth
def test_an_included_user_is_the_one_who_asks(resources: list[Resource], stranger: Person) -> None:
    for resource in resources:
        names = resource.document.included(resource.path)
        for name in (name for name, field in resource.fields.items() if field.is_reference):
            me = resource.owner.get("/users/me").json()
            answer = resource.owner.post(resource.path, resource.body({name: me["id"]}))
            if answer.status_code != 201:
                continue  # it refers to something else
            key, url = name.removesuffix("_id"), resource.url(answer.json())
            if resource.access.read == "all":  # a read looks at no token, so that nobody asks
                assert key not in names
                continue
            query = {"include": key}
            assert resource.owner.get(url, params=query).json()[key] == me
            resource.owner.patch(url, {name: stranger.id})
            assert resource.owner.get(url, params=query).json()[key] is None


@pytest.mark.contract("resources.include", "errors.parameter")
def test_what_cannot_be_included_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        if names := resource.document.included(resource.path):
            for path in (resource.path, resource.url(resource.make())):
                for wrong in (["nonsense"], [*names, "owner"], [""]):
                    answer = resource.owner.get(path, params={"include": wrong})
                    expect_invalid(answer, parameter="include")


@pytest.mark.contract("resources.include", "document.same")
def test_what_is_included_is_an_optional_part_of_the_response(resources: list[Resource]) -> None:
    for resource in resources:
        operation = resource.document.find("GET", f"{API}{resource.path}/x")
        assert operation is not None
        answer = resource.document.response(operation, 200) or {}
        schema = resource.document.resolve(answer["content"]["application/json"]["schema"])
        names = set(resource.document.included(resource.path))
        assert schema["properties"].keys() - set(schema["required"]) == names


@pytest.mark.contract("resources.delete-referenced")
def test_the_delete_of_what_is_referred_to_leaves_no_reference(resources: list[Resource]) -> None:
    """What it does to those that refer to it the document does not say: one of three things."""
    by_path = {resource.path: resource for resource in resources}
    for resource in resources:
        for name, field in resource.fields.items():
            if not field.is_reference and not field.is_many:
                continue
            made = resource.make(overrides={name: resource.value(field)})
            target = (made[name] or [None])[0] if field.is_many else made[name]
            for path, referred in by_path.items():
                if target is None or resource.owner.get(f"{path}/{target}").status_code != 200:
                    continue
                answer = referred.owner.delete(f"{path}/{target}")
                left = resource.owner.get(resource.url(made))
                if answer.status_code == 409:
                    expect_problem(answer, 409, "conflict")
                    assert not field.is_many
                    assert left.json() == made
                else:
                    assert answer.status_code == 204
                    assert left.status_code == 404 or not left.json()[name]


@pytest.mark.contract("resources.etag", "resources.if-match", "errors.precondition")
def test_a_stale_version_is_412(resources: list[Resource]) -> None:
    for resource in resources:
        owner, path = resource.owner, resource.url(resource.make())
        fresh = {"If-Match": owner.get(path).headers["etag"]}
        changes = resource.body(whole=True)
        name = next(name for name in changes if name in resource.patchable)
        assert owner.patch(path, {name: changes[name]}, headers=fresh).status_code == 200
        if owner.get(path).headers["etag"] != fresh["If-Match"]:
            expect_problem(owner.delete(path, headers=fresh), 412, "precondition-failed")
        assert owner.delete(path, headers={"If-Match": '"x"'}).status_code == 412


@pytest.mark.contract("lists.sort", "lists.size")
def test_lists_refuse_what_they_do_not_know(resources: list[Resource]) -> None:
    for resource in resources:
        for query in ("sort=nonsense", "size=0", "size=101", "page=0", "page=x"):
            answer = resource.owner.get(f"{resource.path}?{query}")
            expect_invalid(answer, parameter=query.partition("=")[0])
        assert resource.owner.get(f"{resource.path}?page=100000").json()["items"] == []


@pytest.mark.contract("lists.filters")
def test_choices_booleans_and_references_are_filtered(resources: list[Resource]) -> None:
    for resource in resources:
        made = resource.make(whole=True)
        for name, field in resource.fields.items():
            is_filter = (
                field.schema.get("enum") or field.kind == "boolean" or field.is_reference
            ) and not field.is_many
            if is_filter and made[name] is not None:
                value = str(made[name]).lower() if field.kind == "boolean" else made[name]
                query = {name: value, "size": 1}
                page = resource.owner.get(resource.path, params=query).json()
                assert page["items"] == [made]
        if resource.is_searched:
            nothing = resource.owner.get(resource.path, params={"q": uuid.uuid4().hex})
            assert nothing.json()["total"] == 0


@pytest.mark.contract("errors.conflict")
def test_a_unique_value_that_is_taken_is_409(resources: list[Resource]) -> None:
    """Which values are unique the document does not say: a repeated body is 201 or that 409."""
    for resource in resources:
        body = resource.body(whole=True)
        assert resource.owner.post(resource.path, body).status_code == 201
        again = resource.owner.post(resource.path, body)
        if again.status_code != 201:
            expect_problem(again, 409, "conflict")


@pytest.mark.contract("resources.owner", "conventions.foreign-objects")
@pytest.mark.auth
def test_objects_belong_to_who_made_them(resources: list[Resource], stranger: Person) -> None:
    for resource in resources:
        if not resource.access.is_private:
            continue
        path = resource.url(resource.make())
        for answer in (stranger.get(path), stranger.patch(path, {}), stranger.delete(path)):
            expect_problem(answer, 404)
        listed = stranger.get(resource.path).json()["items"]
        assert path.rpartition("/")[2] not in [other["id"] for other in listed]
        assert resource.owner.get(path).status_code == 200


@pytest.mark.contract("resources.owner")
@pytest.mark.auth
def test_an_admin_owns_no_more_than_others(resources: list[Resource], admin: Person) -> None:
    for resource in resources:
        if resource.access.is_private:
            expect_problem(admin.get(resource.url(resource.make())), 404)
        elif resource.access.is_shared:
            expect_problem(admin.patch(resource.url(resource.make()), {}), 403, "forbidden")


@pytest.mark.contract("resources.endpoints")
def test_an_endpoint_answers_with_the_object_or_a_page(resources: list[Resource]) -> None:
    for resource in resources:
        made = resource.make()
        for operation in resource.document.endpoints(resource.path):
            path = operation.path.removeprefix(API).replace("{id}", made["id"])
            answer = resource.owner.request(operation.method, path, **body_of(operation))
            assert answer.status_code == 200, answer.text
            if "{id}" in operation.path:
                assert answer.json() == made
                assert (
                    answer.headers["etag"] == resource.owner.get(resource.url(made)).headers["etag"]
                )
            else:
                page = resource.owner.request(operation.method, path, params={"size": 1}).json()
                assert page["items"] == [made]
                expect_invalid(
                    resource.owner.request(operation.method, path, params={"size": 0}),
                    parameter="size",
                )


@pytest.mark.contract("resources.endpoints", "resources.if-match")
def test_an_endpoint_that_changes_an_object_honours_if_match(resources: list[Resource]) -> None:
    for resource in resources:
        made = resource.make()
        for operation in resource.document.endpoints(resource.path):
            if operation.method != "GET" and "{id}" in operation.path:
                path = operation.path.removeprefix(API).replace("{id}", made["id"])
                stale = {"If-Match": '"x"'}
                answer = resource.owner.request(
                    operation.method, path, headers=stale, **body_of(operation)
                )
                expect_problem(answer, 412, "precondition-failed")


@pytest.mark.contract("resources.endpoints", "resources.owner")
@pytest.mark.auth
def test_an_endpoint_obeys_the_owner(resources: list[Resource], stranger: Person) -> None:
    for resource in resources:
        if not resource.access.is_private:
            continue
        made = resource.make()
        for operation in resource.document.endpoints(resource.path):
            path = operation.path.removeprefix(API).replace("{id}", made["id"])
            answer = stranger.request(operation.method, path, **body_of(operation))
            if "{id}" in operation.path:
                expect_problem(answer, 404)
            else:
                assert made["id"] not in [other["id"] for other in answer.json()["items"]]
