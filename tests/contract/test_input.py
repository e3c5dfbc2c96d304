"""Hostile input: sizes, media types, text and numbers that no field can hold."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .people import Host, new_email
from .resource import Resource

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="session")
def route(document: Any) -> str:
    """A route that takes a body, in every kind of project."""
    return "/auth/login" if document.has_auth else str(document.resources[0])


def _padded(size: int) -> bytes:
    body = b'{"email": "nobody@example.com", "password": "wrong-one", "x": "'
    return body + b"x" * (size - len(body) - 2) + b'"}'


@pytest.mark.contract("input.too-large", "errors.titles")
def test_a_body_of_one_mebibyte_is_read(me: Client, route: str) -> None:
    answer = me.request("POST", route, content=_padded(MIB), headers=JSON)
    assert answer.status_code != 413


@pytest.mark.contract("input.too-large", "errors.titles")
def test_a_larger_body_is_413(me: Client, route: str) -> None:
    answer = me.request("POST", route, content=_padded(MIB + 1), headers=JSON)
    assert expect_problem(answer, 413)["title"] == "Content Too Large"


@pytest.mark.contract("input.too-large")
def test_a_larger_body_in_chunks_is_413(me: Client, route: str) -> None:
    chunks = (b"x" * 65536 for _ in range(17))
    expect_problem(me.request("POST", route, content=chunks, headers=JSON), 413)


@pytest.mark.contract("input.too-large")
def test_a_body_is_refused_by_its_length_alone(me: Client, route: str) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(10**12))]
    answer = me.raw(me.message("POST", route, headers=headers, content=b"{"))
    assert answer is not None
    expect_problem(answer, 413)


@pytest.mark.contract("input.too-large")
def test_a_body_without_end_is_413(me: Client, route: str) -> None:
    headers = [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    answer = me.raw(me.message("POST", route, headers=headers), itertools.repeat(chunk, 1024))
    if answer is not None:  # The connection may also be closed on who does not stop sending.
        expect_problem(answer, 413)


@pytest.mark.contract("input.too-large")
@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "0x10", "5, 6", "é", "9" * 40, ""])
def test_a_length_that_lies_is_refused(me: Client, route: str, length: str) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", length)]
    message = me.message("POST", route, headers=[*headers, ("Connection", "close")], content=b"{}")
    answer = me.raw(message, watched=False)
    assert answer is None or 400 <= answer.status_code < 500


@pytest.mark.contract("input.too-large")
def test_a_length_beside_chunks_smuggles_nothing(me: Client, route: str) -> None:
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", "2"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
    ]
    body = b"110000\r\n" + _padded(0x110000) + b"\r\n0\r\n\r\n"
    answer = me.raw(me.message("POST", route, headers=headers, content=body), watched=False)
    assert answer is None or 400 <= answer.status_code < 500


@pytest.mark.contract("input.too-large-configurable", "settings.environment")
def test_the_limit_is_a_setting(shortlived: Host, route: str) -> None:
    client = shortlived.client
    assert client.request("POST", route, content=_padded(2000), headers=JSON).status_code != 413
    expect_problem(client.request("POST", route, content=_padded(2001), headers=JSON), 413)


@pytest.mark.contract("input.not-json", "errors.titles")
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "text/json; charset=utf-8",
        "application/jsonp",
        "application/octet-stream",
        "garbage",
        "",
    ],
)
def test_a_body_that_is_not_json_is_415(me: Client, route: str, content_type: str) -> None:
    body = b'{"title": "x", "email": "nobody@example.com", "password": "wrong-one"}'
    answer = me.request("POST", route, content=body, headers={"Content-Type": content_type})
    assert expect_problem(answer, 415)["title"] == "Unsupported Media Type"


@pytest.mark.contract("input.not-json")
def test_a_body_of_no_declared_type_is_415(me: Client, route: str) -> None:
    answer = me.request("POST", route, content=b'{"title": "x"}')
    expect_problem(answer, 415)


@pytest.mark.contract("input.nul")
@pytest.mark.items
@pytest.mark.parametrize("text", ["\0", "a\0b", "a" * 100 + "\0"])
def test_nul_in_text_is_422(me: Client, text: str) -> None:
    expect_invalid(me.post("/items", {"title": text}), "#/title")
    expect_invalid(me.post("/items", {"title": "x", "description": text}), "#/description")


@pytest.mark.contract("input.nul")
@pytest.mark.auth
def test_nul_in_credentials_is_422(client: Client) -> None:
    good = {"email": new_email(), "password": "correct-horse-battery", "name": "Name"}
    for field, value in [
        ("email", "a\0@example.com"),
        ("password", "cor\0rect-horse"),
        ("name", "a\0"),
    ]:
        answer = client.post("/auth/register", {**good, field: value})
        expect_invalid(answer, f"#/{field}")


@pytest.mark.contract("input.nul")
@pytest.mark.items
def test_nul_in_a_query_is_422(me: Client) -> None:
    expect_invalid(me.get("/items?q=%00"), parameter="q")
    expect_invalid(me.get("/items?sort=%00"), parameter="sort")
    expect_invalid(me.get("/items?status=%00"), parameter="status")


@pytest.mark.contract("input.surrogates")
@pytest.mark.items
@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_a_lone_surrogate_is_422(me: Client, text: str) -> None:
    expect_invalid(me.post("/items", {"title": text}), "#/title")
    expect_invalid(me.post("/items", {"title": "x", "description": text}), "#/description")


@pytest.mark.contract("input.surrogates")
@pytest.mark.auth
def test_a_lone_surrogate_in_credentials_is_422(client: Client) -> None:
    good = {"email": new_email(), "password": "correct-horse-battery", "name": "Name"}
    for field, value in [("password", "correct-\ud800-horse"), ("name", "\udc00")]:
        expect_invalid(client.post("/auth/register", {**good, field: value}), f"#/{field}")
    login = {"email": new_email(), "password": "correct-\ud800-horse"}
    assert client.post("/auth/login", login).status_code in (401, 422)


@pytest.mark.contract("input.surrogates")
@pytest.mark.items
def test_a_surrogate_in_the_bytes_is_refused(me: Client) -> None:
    answer = me.request("POST", "/items", content=b'{"title": "\xed\xa0\x80"}', headers=JSON)
    assert answer.status_code in (400, 422)


@pytest.mark.contract("input.surrogates")
@pytest.mark.items
def test_a_pair_of_surrogates_is_a_character(me: Client) -> None:
    answer = me.request("POST", "/items", content=b'{"title": "\\ud83c\\udf75"}', headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["title"] == "🍵"


@pytest.mark.contract("input.integers")
@pytest.mark.items
@pytest.mark.parametrize("number", [2**31, 2**63, 2**64, 10**30, -(2**63) - 1, -1, 0])
def test_a_page_out_of_range_is_422(me: Client, number: int) -> None:
    answer = me.get("/items", params={"page": number})
    if 0 < number < 2**63 and answer.status_code == 200:
        assert answer.json()["items"] == []
    else:
        expect_invalid(answer, parameter="page")


@pytest.mark.contract("input.integers")
def test_an_integer_field_out_of_range_is_422(resources: list[Resource]) -> None:
    for resource in resources:
        owner, path = resource.owner, resource.path
        for name, field in resource.fields.items():
            if field.kind == "integer":
                for number in (2**63, -(2**63) - 1, 10**40):
                    answer = owner.post(path, resource.body({name: number}))
                    expect_invalid(answer, f"#/{name}")
        digits = b'{"n": ' + b"9" * 5000 + b"}"
        answer = owner.request("POST", path, content=digits, headers=JSON)
        assert answer.status_code in (201, 400, 422)


@pytest.mark.contract("errors.malformed-json")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"}",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": }',
        b'{"a": 1} x',
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"a": "\xff"}',
        b'{"a": "\xc0\x80"}',
        b'{"a": "\\x41"}',
        b'{"a": "\\ud8"}',
        b'{"a": 01}',
        b'{"a": .5}',
        b'{"a": tru}',
        b'{"a": "line\nbreak"}',
    ],
)
def test_unreadable_json_is_400(me: Client, route: str, body: bytes) -> None:
    answer = me.request("POST", route, content=body, headers=JSON)
    if not body.strip() and answer.status_code == 422:
        expect_invalid(answer, "#")  # No body at all may count as a missing one.
    else:
        expect_problem(answer, 400, "malformed-json")


@pytest.mark.contract("errors.malformed-json", "input.never-5xx")
@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(me: Client, route: str, open_: str, close: str) -> None:
    for depth in (500, 100_000):
        inner = "1" if open_ != "[" else ""
        body = (open_ * depth + inner + close * depth).encode()
        answer = me.request("POST", route, content=body, headers=JSON)
        assert answer.status_code in (400, 422)
        answer = me.request("POST", route, content=body[: len(body) // 2], headers=JSON)
        assert answer.status_code in (400, 422)


@pytest.mark.contract("input.never-5xx")
@pytest.mark.parametrize("body", [[], [{}], "text", 1, 1.5, True, None, [None]])
def test_json_that_is_no_object_is_422(me: Client, route: str, body: Any) -> None:
    answer = me.request("POST", route, content=json.dumps(body).encode(), headers=JSON)
    expect_invalid(answer, "#")
