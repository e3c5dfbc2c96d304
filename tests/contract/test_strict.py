"""Values are what JSON says they are: nothing is converted, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .expect import expect_invalid, expect_problem
from .openapi import Field
from .resource import Resource

JSON = {"Content-Type": "application/json"}
OF_ANOTHER_TYPE: dict[str, list[Any]] = {
    "string": [1, 1.5, True, False],
    "integer": [True, False, "5", "", 1.5, "1.0"],
    "number": [True, False, "5", ""],
    "boolean": ["true", "false", "", "on", 0, 1, 1.0],
}


def _each_field(resources: list[Resource]) -> Iterator[tuple[Resource, dict[str, Any], Field]]:
    for resource in resources:
        good = resource.body()
        for field in resource.fields.values():
            if field.name in resource.patchable:
                yield resource, good, field


def _refused(resource: Resource, good: dict[str, Any], field: Field, values: list[Any]) -> None:
    for value in values:
        answer = resource.owner.post(resource.path, {**good, field.name: value})
        assert answer.status_code == 422, f"{resource.path} {field.name}={value!r}: {answer.text}"
        expect_invalid(answer, f"#/{field.name}")


@pytest.mark.contract("input.strict-json")
@pytest.mark.parametrize("kind", OF_ANOTHER_TYPE)
def test_a_value_of_another_type_is_422(resources: list[Resource], kind: str) -> None:
    for resource, good, field in _each_field(resources):
        is_decimal = field.format == "decimal"  # It may be a number, too.
        if field.kind == kind:
            wrong = [value for value in OF_ANOTHER_TYPE[kind] if value is True or not is_decimal]
            _refused(resource, good, field, wrong)


@pytest.mark.contract("input.strict-json")
def test_an_empty_string_is_not_null(resources: list[Resource]) -> None:
    for resource, good, field in _each_field(resources):
        if field.nullable and field.kind != "any" and not field.is_text:
            _refused(resource, good, field, [""])


@pytest.mark.contract("input.strict-json")
def test_1_0_is_the_integer_1(resources: list[Resource]) -> None:
    for resource, _, field in _each_field(resources):
        if field.kind == "integer":
            number = field.sample()
            content = json.dumps(resource.body({field.name: float(number)})).encode()
            answer = resource.owner.request("POST", resource.path, content=content, headers=JSON)
            assert answer.status_code == 201, answer.text
            assert json.dumps(answer.json()[field.name]) == str(number)


@pytest.mark.contract("input.dates-and-times")
def test_a_time_is_not_a_date_and_a_number_is_neither(resources: list[Resource]) -> None:
    for resource, good, field in _each_field(resources):
        if field.format == "date":
            times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01 00:00"]
            _refused(resource, good, field, [*times, 0, 1767225600, 1767225600.0, "1767225600"])


@pytest.mark.contract("input.dates-and-times")
def test_a_date_is_not_a_time_and_a_number_is_neither(resources: list[Resource]) -> None:
    for resource, good, field in _each_field(resources):
        if field.format == "date-time":
            numbers = [0, 1767225600, 1767225600.0, "1767225600"]
            _refused(resource, good, field, ["2026-01-01", *numbers])


@pytest.mark.contract("input.nan", "errors.malformed-json")
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_not_json(resources: list[Resource], number: str) -> None:
    for resource in resources:
        names = ["no_such_field"]
        names += [f.name for f in resource.fields.values() if f.kind in ("number", "any")]
        good = json.dumps(resource.body())
        for name in names:
            for value in (number, f"[{number}]"):
                content = f'{good[:-1]}{", " * (good != "{}")}"{name}": {value}}}'.encode()
                answer = resource.owner.request(
                    "POST", resource.path, content=content, headers=JSON
                )
                expect_problem(answer, 400, "malformed-json")
