"""No input, however odd, is ever a 5xx: on every route that the server documents."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .client import API, Client
from .openapi import Document, Operation
from .people import Host

pytestmark = pytest.mark.contract("input.never-5xx")

NOWHERE = "01890000-0000-7000-8000-000000000000"
ENDS_ACCESS = {f"{API}/auth/logout", f"{API}/users/me"}
ODD_VALUES: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**400, 0.1, 1e308, float("nan"), float("inf"), "", " ",
    "\0", "\ud800", "x" * 10_000, "é🍵\u202e", "2026-13-45", "0000-00-00", "-1", "1e999", "null",
    NOWHERE, [], [None], [[[]]], {}, {"": {}}, {"$ref": "#"}, {"a": [1, {"b": None}]},
]  # fmt: skip
ODD_BODIES = [
    b"", b"null", b"[]", b'""', b"0", b"{}", b"\xef\xbb\xbf{}", b"\xff", b"\xfe\xff\x00{\x00}",
    b"{" * 2000, b"[" * 100_000, b'{"a":' * 20_000, b'{"email":1,"email":2}', b"NaN", b"-Infinity",
    b'{"\\ud800": 1}', b'{"\xc3\xa9": 1}', b'{"": ""}', b"9" * 10_000, b'"' + b"\\" * 999,
    b"1" + b"0" * 5000, b"1e" + b"9" * 300, b"title=x&status=todo",
]  # fmt: skip
ODD_QUERIES = [
    "%00", "%ff", "%", "%zz", "a", "=", "&&&", "?", "q", "q=", "q=%00", "q=%ff", "q=%ed%a0%80",
    "q=" + "x" * 4000, "q=a&q=b", "q[]=a", "q[a]=b", "page=", "page=1e9", "page=%D9%A1", "page=0x1",
    "page=1&page=2", "page=999999999999999999999", "page= 1", "page=1_0", "page=1.0", "page=NaN",
    "size=", "size=-1", "size=1&size=2", "size=\u0661", "sort=", "sort=-", "sort=--title", "sort=,",
    "sort=id", "sort=__class__", "sort=title;drop", "sort=title,title", "sort=%00", "status=",
    "status=todo&status=done", "status=%00", "id=1", "due_on=x", "created_at=%ff", "limit=1",
    "owner_id=x", "is_active=maybe", "is_active=%00", "role=", "role=%ff", "email_verified=2",
]  # fmt: skip
ODD_TOKENS = [
    "", "Bearer", "Bearer ", "Bearer  x", "bearer x", "Bearer x y", "Bearer a.b.c", "Bearer ...",
    "Basic eDp5", "Digest x", "x", "Bearer " + "x" * 6000, "Bearer \xe9",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "Bearer eyJhbGciOiJIUzI1NiJ9.bnVsbA.x", "Bearer eyJhbGciOiJIUzI1NiJ9.W10.x", "Bearer null",
    "Bearer W10.W10.W10", "Bearer bnVsbA.bnVsbA.bnVsbA", "Bearer e30.e30.e30", ",", "Bearer\tx",
]  # fmt: skip
ODD_HEADERS = [
    {"If-Match": ""}, {"If-Match": "*"}, {"If-Match": '"'}, {"If-Match": "garbage"},
    {"If-Match": 'W/"x"'}, {"If-Match": '"a","b"'}, {"If-Match": '"\xe9"'}, {"If-Match": '"' * 99},
    {"If-None-Match": "*"}, {"If-Modified-Since": "never"}, {"If-Unmodified-Since": "x"},
    {"Range": "bytes=0-1"}, {"Expect": "200-ok"}, {"Content-Encoding": "gzip"}, {"TE": "gzip"},
    {"Content-Type": "application/json; charset=utf-7"}, {"Content-Type": "application/json; x=\""},
    {"Content-Type": "application/json; charset=nonsense"}, {"Origin": "\xe9"},
    {"Origin": "http://["}, {"Origin": "http://[::1"}, {"Origin": "http://a:b"}, {"Referer": "//["},
    {"Content-Type": "application/json;" * 99}, {"Cookie": "a=\x80; =; ;;"},
    {"Accept": "*"}, {"Accept-Language": "x" * 3000},
    {"X-Forwarded-For": "x, y"}, {"X-Forwarded-Proto": "\xe9"}, {"X-Forwarded-Host": "a b"},
    {"Forwarded": "for=\""}, {"User-Agent": "\xe9" * 2000}, {"User-Agent": ""},
    {"X-Request-ID": "\x80"}, {"Host": ""}, {"Host": "\xe9"}, {"Host": "[::1"}, {"Host": "a:b:c"},
]  # fmt: skip


@pytest.fixture(scope="module")
def victim(host: Host, document: Document) -> Client:
    """Someone whom the fuzz may ruin; an admin, so that every route opens."""
    if not document.has_auth:
        return host.client
    person = host.person()
    assert host.admin().patch(f"/users/{person.id}", {"role": "admin"}).status_code == 200
    return person


def _paths(document: Document, victim: Client, method: str) -> Iterator[str]:
    """One address for each documented route, with objects that are there."""
    for operation in document.operations:
        if operation.method != method or not operation.path.startswith(API):
            continue
        if method in ("POST", "DELETE") and operation.path in ENDS_ACCESS:
            continue
        yield _filled(operation, victim)


def _filled(operation: Operation, victim: Client) -> str:
    path = operation.path.removeprefix(API)
    collection = path.partition("/{")[0]
    if "{" in path and operation.method == "PATCH":
        page = victim.get(collection).json().get("items", [])
        return f"{collection}/{page[0]['id'] if page else NOWHERE}"
    return re.sub(r"\{[^}]+\}", NOWHERE, path)


def _no_5xx(answers: list[httpx.Response]) -> None:
    assert answers
    failed = [
        f"{a.request.method} {a.request.url} {a.request.content[:80]!r} -> {a.status_code}"
        for a in answers
        if a.status_code >= 500
    ]
    assert not failed, failed[:10]


def _all(victim: Client, requests: list[tuple[str, str, dict[str, Any]]]) -> None:
    with ThreadPoolExecutor(4) as pool:
        _no_5xx(list(pool.map(lambda r: victim.request(r[0], r[1], **r[2]), requests)))


def _some(number: int, routes: Sequence[Any]) -> Sequence[Any]:
    """Return the routes that get the odd thing of this number: by night all, else every third.

    It is for what all routes answer alike, since it stands in front of them.
    """
    return routes if "EXAMPLES" in os.environ else routes[number % 3 :: 3]


def _json(body: Any) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"content": content, "headers": {"Content-Type": "application/json"}}


def _writes(document: Document, victim: Client) -> list[tuple[str, str]]:
    return [
        (method, path) for method in ("POST", "PATCH") for path in _paths(document, victim, method)
    ]


def test_odd_bodies(document: Document, victim: Client) -> None:
    routes = _writes(document, victim)
    some = [(body, _some(number, routes)) for number, body in enumerate(ODD_BODIES)]
    _all(victim, [(*route, _json(body)) for body, routes in some for route in routes])


def test_odd_values_in_every_field(document: Document, victim: Client) -> None:
    requests = []
    for method, path in _writes(document, victim):
        operation = document.find(method, API + path)
        assert operation is not None
        names = list((document.body(operation) or {}).get("properties", {}))
        for value in ODD_VALUES:
            requests.append((method, path, _json(dict.fromkeys(names, value))))
    _all(victim, requests)


def test_odd_queries(document: Document, victim: Client) -> None:
    routes = list(_paths(document, victim, "GET"))
    lists = [path for path in routes if path in document.resources or path == "/users"]
    objects = [path for path in routes if path not in lists]
    with ThreadPoolExecutor(4) as pool:
        messages = [
            victim.message("GET", f"{path}?{query.encode().decode('latin-1')}", headers=CLOSE)
            for number, query in enumerate(ODD_QUERIES)
            for path in [*lists, *_some(number, objects)]
            if " " not in query
        ]
        answers = list(pool.map(lambda message: victim.raw(message, watched=False), messages))
    _no_5xx([answer for answer in answers if answer is not None])


CLOSE = [("Connection", "close")]


@pytest.mark.auth
def test_odd_tokens(document: Document, client: Client) -> None:
    messages = [
        client.message(method, path, headers=[("Authorization", token), *CLOSE])
        for method, path in [("GET", "/users/me"), ("POST", "/auth/logout"), ("GET", "/items")]
        for token in ODD_TOKENS
    ]
    answers = [answer for message in messages if (answer := client.raw(message, watched=False))]
    assert {answer.status_code for answer in answers} <= {400, 401, 404, 405, 431}
    _no_5xx(answers)


def test_odd_headers(document: Document, victim: Client) -> None:
    answers = []
    for path in document.resources:
        made = victim.get(path).json()["items"]
        target = f"{path}/{made[0]['id'] if made else NOWHERE}"
        for headers in ODD_HEADERS:
            pairs = [*headers.items(), *CLOSE]
            if "Content-Type" not in headers:
                pairs.append(("Content-Type", "application/json"))
            message = victim.message("PATCH", target, headers=pairs, content=b"{}")
            answers.append(victim.raw(message, watched=False))
    _no_5xx([answer for answer in answers if answer is not None])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "QUERY", "get", "A" * 300])
def test_odd_methods(document: Document, victim: Client, method: str) -> None:
    messages = [
        victim.message(method, path, headers=CLOSE) for path in _paths(document, victim, "GET")
    ]
    answers = [answer for message in messages if (answer := victim.raw(message, watched=False))]
    _no_5xx(answers)
    if method in ("PUT", "QUERY"):
        assert {answer.status_code for answer in answers} == {405}


@pytest.mark.parametrize(
    "message",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  /  HTTP/1.1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"GET \x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://evil.example.net/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_hardly_http(client: Client, message: bytes) -> None:
    import socket

    with socket.create_connection(client.address, timeout=10) as connection:
        answer = b""
        with contextlib.suppress(OSError):  # It may answer, and close, before it has read all.
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(65536)
    # 501 is what an unknown transfer coding is owed (RFC 9112, section 6.1).
    assert not re.match(rb"HTTP/1\.\d 5(?!01)", answer), answer[:200]
    assert client.root.get("/health/live").status_code == 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.characters(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.filterwarnings("ignore")
def test_anything_at_all(document: Document, victim: Client) -> None:
    routes = _writes(document, victim)
    operations = {route: document.find(route[0], API + route[1]) for route in routes}
    names = sorted(
        {
            name
            for operation in operations.values()
            if operation
            for name in (document.body(operation) or {}).get("properties", {})
        }
    )
    bodies = st.dictionaries(st.sampled_from(names) | st.text(max_size=5), VALUES, max_size=5)

    @settings(
        max_examples=int(os.environ.get("EXAMPLES", "50")),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(routes), bodies)
    def ask(route: tuple[str, str], body: dict[str, Any]) -> None:
        answer = victim.request(*route, **_json(body))
        assert answer.status_code < 500, answer.text

    ask()
