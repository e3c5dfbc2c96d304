"""The tests that every resource has, and the table of fields that they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Literal

import pytest
from httpx2 import Client

from tests.helpers import UNKNOWN, invalid, problem

Row = dict[str, Any]
REQUIRED: Any = object()
numbers = count(1)


@dataclass(frozen=True)
class Field:
    """Two values of a field, the smaller one first, and one that it refuses.

    A field without a default is required. `unique` makes a value that no other row has.
    """

    low: Any
    high: Any
    bad: Any
    default: Any = REQUIRED
    unique: Callable[[int], Any] | None = None
    sorts: bool = True
    filters: bool = False
    searched: bool = False


@dataclass(frozen=True)
class Reference:
    """The id of a row of another resource, of the same resource, or of the user."""

    to: Resource | Literal["itself", "user"]
    default: Any = REQUIRED
    unique: bool = False


@dataclass(frozen=True)
class Resource:
    url: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)

    def columns(self) -> dict[str, Field | Reference]:
        return {**self.fields, **self.references}

    def defaults(self) -> Row:
        columns = self.columns().items()
        return {name: one.default for name, one in columns if one.default is not REQUIRED}

    def body(self, client: Client, /, **values: Any) -> Row:
        """Return a body with these values that the API accepts."""
        n = next(numbers)
        fields = {
            name: one.unique(n) if one.unique else one.low for name, one in self.fields.items()
        }
        references = {
            name: self.new_target(client, one)
            for name, one in self.references.items()
            if name not in values
        }
        return fields | references | values

    def new_target(self, client: Client, reference: Reference) -> Any:
        """Return the id of a row that the client may refer to."""
        if isinstance(reference.to, Resource):
            return reference.to.create(client)["id"]
        if reference.to == "user":
            return str(client.get("/api/v1/users/me").json()["id"])
        return None  # A reference to the same resource is optional: the first row has none.

    def create(self, client: Client, /, **values: Any) -> Row:
        response = client.post(self.url, json=self.body(client, **values))
        assert response.status_code == 201, response.text
        row: Row = response.json()
        return row

    def listed(self, client: Client, rows: list[Row], /, **query: Any) -> list[Row]:
        """Return those of the rows that a list has, in its order."""
        response = client.get(self.url, params=query | {"size": 100})
        assert response.status_code == 200, response.text
        return [row for row in response.json()["items"] if row in rows]


class ResourceTests:
    """Inherit from it in the tests of a resource, and add tests of what is special about it."""

    resource: ClassVar[Resource]

    def test_create(self, client: Client) -> None:
        body = self.resource.body(client)
        response = client.post(self.resource.url, json=body)
        assert response.status_code == 201
        row = response.json()
        assert row == row | body
        assert row.keys() == {*body, "id", "created_at", "updated_at"}
        assert row["updated_at"] >= row["created_at"]

    def test_location_is_the_url_of_the_new_row(self, client: Client) -> None:
        created = client.post(self.resource.url, json=self.resource.body(client))
        response = client.get(created.headers["Location"])
        assert response.status_code == 200
        assert response.json() == created.json()
        assert response.headers["ETag"] == created.headers["ETag"]

    def test_defaults(self, client: Client) -> None:
        defaults = self.resource.defaults()
        body = self.resource.body(client)
        given = {name: value for name, value in body.items() if name not in defaults}
        response = client.post(self.resource.url, json=given)
        assert response.status_code == 201
        assert response.json() == response.json() | defaults

    def test_required_field_is_missing(self, client: Client, subtests: pytest.Subtests) -> None:
        body = self.resource.body(client)
        for name in body.keys() - self.resource.defaults():
            with subtests.test(field=name):
                given = {key: value for key, value in body.items() if key != name}
                assert invalid(client.post(self.resource.url, json=given)) == {f"#/{name}"}

    def test_null_for_nullable_fields(self, client: Client, subtests: pytest.Subtests) -> None:
        defaults = self.resource.defaults()
        row = self.resource.create(client)
        for name in self.resource.fields:
            with subtests.test(field=name):
                response = client.patch(f"{self.resource.url}/{row['id']}", json={name: None})
                if defaults.get(name, REQUIRED) is None:
                    assert response.json()[name] is None
                else:
                    assert invalid(response) == {f"#/{name}"}

    def test_bad_value_is_refused(self, client: Client, subtests: pytest.Subtests) -> None:
        row = self.resource.create(client)
        body = self.resource.body(client)
        bad = {name: one.bad for name, one in self.resource.fields.items()}
        for name, value in (bad | dict.fromkeys(self.resource.references, UNKNOWN)).items():
            with subtests.test(field=name):
                refused = client.post(self.resource.url, json=body | {name: value})
                assert invalid(refused) == {f"#/{name}"}
                refused = client.patch(f"{self.resource.url}/{row['id']}", json={name: value})
                assert invalid(refused) == {f"#/{name}"}

    def test_read_only_fields_are_ignored(self, client: Client) -> None:
        foreign = {"id": UNKNOWN, "created_at": "2000-01-01T00:00:00Z", "owner_id": UNKNOWN}
        row = self.resource.create(client, **foreign)
        assert row["id"] != UNKNOWN
        assert row["created_at"] > foreign["created_at"]
        assert client.patch(f"{self.resource.url}/{row['id']}", json=foreign).json() == row

    def test_list_newest_first(self, client: Client) -> None:
        first, second = self.resource.create(client), self.resource.create(client)
        response = client.get(self.resource.url)
        assert response.json() == {"items": [second, first], "total": 2, "page": 1, "size": 20}

    def test_list_has_a_constant_number_of_queries(
        self, client: Client, queries: MutableSequence[Any]
    ) -> None:
        costs = []
        for _ in range(2):
            self.resource.create(client)
            queries.clear()
            client.get(self.resource.url)
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_bad_query_is_refused(self, client: Client, subtests: pytest.Subtests) -> None:
        filters = [name for name, one in self.resource.fields.items() if one.filters]
        for name in ["sort", *filters, *self.resource.references]:
            with subtests.test(parameter=name):
                response = client.get(self.resource.url, params={name: "no_such_value"})
                assert invalid(response) == {name}

    def test_sort(self, client: Client, subtests: pytest.Subtests) -> None:
        for name, one in self.resource.fields.items():
            if one.sorts:
                with subtests.test(field=name):
                    rows = [self.resource.create(client, **{name: v}) for v in (one.low, one.high)]
                    assert self.resource.listed(client, rows, sort=name) == rows
                    assert self.resource.listed(client, rows, sort=f"-{name}") == rows[::-1]

    def test_filter(self, client: Client, subtests: pytest.Subtests) -> None:
        for name, one in self.resource.fields.items():
            if one.filters:
                with subtests.test(field=name):
                    rows = [self.resource.create(client, **{name: v}) for v in (one.low, one.high)]
                    query = {name: str(one.low).lower()}
                    assert self.resource.listed(client, rows, **query) == rows[:1]

    def test_filter_by_reference(self, client: Client, subtests: pytest.Subtests) -> None:
        for name in self.resource.references:
            with subtests.test(field=name):
                row = self.resource.create(client)
                if target := row[name]:
                    assert self.resource.listed(client, [row], **{name: target}) == [row]
                assert self.resource.listed(client, [row], **{name: UNKNOWN}) == []

    def test_search_ignores_case(self, client: Client, subtests: pytest.Subtests) -> None:
        searched = {name: one for name, one in self.resource.fields.items() if one.searched}
        for name, one in searched.items():
            with subtests.test(field=name):
                others = {n: other.high for n, other in searched.items() if not other.unique}
                rows = [
                    self.resource.create(client, **others | {name: value})
                    for value in (one.low, one.high)
                ]
                assert self.resource.listed(client, rows, q="aPPLe") == rows[:1]

    def test_patch_changes_only_the_given_field(
        self, client: Client, subtests: pytest.Subtests
    ) -> None:
        row = self.resource.create(client)
        url = f"{self.resource.url}/{row['id']}"
        for name, one in self.resource.fields.items():
            value = one.high if row[name] != one.high else one.low
            if value != row[name]:
                with subtests.test(field=name):
                    changed = client.patch(url, json={name: value}).json()
                    assert changed == row | {name: value, "updated_at": changed["updated_at"]}
                    assert changed["updated_at"] > row["updated_at"]
                    assert client.get(url).json() == changed
                    row = changed

    def test_etag(self, client: Client) -> None:
        created = client.post(self.resource.url, json=self.resource.body(client))
        url, body = created.headers["Location"], self.resource.body(client)
        for tags in ('"0"', f"W/{created.headers['ETag']}"):
            stale = {"If-Match": tags}
            refused = client.patch(url, json=body, headers=stale)
            assert problem(refused) == (412, "precondition-failed")
            assert problem(client.delete(url, headers=stale)) == (412, "precondition-failed")
        assert client.get(url).json() == created.json()
        fresh = {"If-Match": f'"0", {created.headers["ETag"]}'}
        assert client.delete(url, headers=fresh).status_code == 204

    def test_delete(self, client: Client) -> None:
        url = f"{self.resource.url}/{self.resource.create(client)['id']}"
        response = client.delete(url)
        assert (response.status_code, response.content) == (204, b"")
        assert problem(client.get(url)) == (404, "about:blank")

    @pytest.mark.parametrize("id", [UNKNOWN, "1"])
    def test_unknown_id(self, client: Client, id: str) -> None:
        url = f"{self.resource.url}/{id}"
        for response in (client.get(url), client.patch(url, json={}), client.delete(url)):
            assert problem(response) == (404, "about:blank")

    def test_rows_of_other_users_are_not_found(self, client: Client, other: Client) -> None:
        row = self.resource.create(client)
        url = f"{self.resource.url}/{row['id']}"
        for response in (other.get(url), other.patch(url, json={}), other.delete(url)):
            assert problem(response) == (404, "about:blank")
        assert self.resource.listed(other, [row]) == []
        assert client.get(url).status_code == 200

    def test_unique_value_is_taken(self, client: Client, subtests: pytest.Subtests) -> None:
        for name in (name for name, one in self.resource.columns().items() if one.unique):
            with subtests.test(field=name):
                first, second = self.resource.create(client), self.resource.create(client)
                body = self.resource.body(client, **{name: first[name]})
                assert problem(client.post(self.resource.url, json=body)) == (409, "conflict")
                url = f"{self.resource.url}/{second['id']}"
                response = client.patch(url, json={name: first[name]})
                assert problem(response) == (409, "conflict")

    def test_unique_value_is_free_for_others(
        self, client: Client, other: Client, subtests: pytest.Subtests
    ) -> None:
        for name in (name for name, one in self.resource.fields.items() if one.unique):
            with subtests.test(field=name):
                row = self.resource.create(client)
                self.resource.create(other, **{name: row[name]})

    def test_reference_to_a_row_of_somebody_else(
        self, client: Client, other: Client, subtests: pytest.Subtests
    ) -> None:
        for name, one in self.resource.references.items():
            if isinstance(one.to, Resource):
                with subtests.test(field=name):
                    foreign = self.resource.new_target(other, one)
                    body = self.resource.body(client, **{name: foreign})
                    assert invalid(client.post(self.resource.url, json=body)) == {f"#/{name}"}

    def test_delete_of_a_referenced_row(self, client: Client, subtests: pytest.Subtests) -> None:
        for name, one in self.resource.references.items():
            if isinstance(one.to, Resource):
                with subtests.test(field=name):
                    row = self.resource.create(client)
                    response = client.delete(f"{one.to.url}/{row[name]}")
                    if one.default is REQUIRED:
                        assert problem(response) == (409, "conflict")
                    else:
                        left = client.get(f"{self.resource.url}/{row['id']}").json()
                        assert left[name] is None
