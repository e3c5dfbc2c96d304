"""Behind proxies: who is trusted to name the client, and the path prefix that a proxy strips."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx
import pytest

from .client import API, Client
from .expect import expect_problem
from .openapi import Document
from .people import PASSWORD, Host, Person
from .resource import Resource
from .site import PREFIX, PROXY

CLIENT = "203.0.113.9"
TRUSTED_TOO = "127.8.1.2"


@pytest.fixture(scope="module")
def email(proxied: Host) -> str:
    return proxied.register()


@pytest.fixture(scope="module")
def owner(proxied: Host, document: Document) -> Client:
    return proxied.person() if document.has_auth else proxied.client


@pytest.mark.contract("settings.proxies", "auth.sessions")
@pytest.mark.auth
@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (PROXY, CLIENT, CLIENT),
        (TRUSTED_TOO, CLIENT, CLIENT),
        (PROXY, f"6.6.6.6, {CLIENT}", CLIENT),
        (PROXY, f"6.6.6.6, {CLIENT}, {TRUSTED_TOO}", CLIENT),
        (PROXY, f"6.6.6.6,{CLIENT} ,{TRUSTED_TOO},127.8.9.9", CLIENT),
        (PROXY, "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", CLIENT, "127.0.0.1"),
        ("127.9.0.1", CLIENT, "127.9.0.1"),
    ],
)
def test_the_client_is_the_first_address_from_the_right_that_is_not_trusted(
    proxied: Host, email: str, peer: str, forwarded: str, expected: str
) -> None:
    headers = {"X-Forwarded-For": forwarded}
    person = Person.signed_in(proxied.client.at(peer), email, PASSWORD, headers=headers)
    sessions = person.get("/auth/sessions?size=100").json()["items"]
    assert [session["ip"] for session in sessions if session["current"]] == [expected]


@pytest.mark.contract("settings.proxies", "input.never-5xx")
@pytest.mark.auth
@pytest.mark.parametrize(
    "odd", ["fe80::1%" + "z" * 80, "fe80::1%eth0", "unknown", ",", "", "1.2.3.4:5", "[::1]:80", "é"]
)
def test_an_odd_address_from_a_proxy_is_no_server_error(
    proxied: Host, email: str, odd: str
) -> None:
    client = proxied.client.at(PROXY)
    body = {"email": email, "password": PASSWORD}
    answer = client.post("/auth/login", body, headers={"X-Forwarded-For": odd.encode()})
    assert answer.status_code in (200, 400), answer.text


@pytest.mark.contract("operations.root-path", "conventions.created")
def test_a_location_has_the_prefix(owner: Client, document: Document) -> None:
    resource = Resource(owner, document, document.resources[0])
    created = owner.post(resource.path, resource.body())
    location = created.url.join(created.headers["location"]).path
    assert location == f"{PREFIX}{API}{resource.url(created.json())}"


@pytest.mark.contract("operations.root-path")
def test_the_document_names_the_prefix_as_its_server(proxied: Host) -> None:
    content = proxied.client.root.get("/openapi.json").json()
    assert [urlsplit(server["url"]).path for server in content["servers"]] == [PREFIX]
    assert f"{API}/items" in content["paths"] or "/health/live" in content["paths"]


@pytest.mark.contract("operations.root-path", "document.login")
@pytest.mark.auth
def test_the_login_that_the_document_names_has_the_prefix(proxied: Host) -> None:
    content = proxied.client.root.get("/openapi.json").json()
    [scheme] = content["components"]["securitySchemes"].values()
    assert scheme["flows"]["password"]["tokenUrl"] == f"{PREFIX}{API}/auth/token"


@pytest.mark.contract("operations.root-path")
def test_the_documentation_page_finds_its_parts_and_the_document(proxied: Host) -> None:
    page = proxied.client.root.get("/docs")
    assert page.status_code == 200
    links = re.findall(r'\b(?:src|href)="([^"]+)"', page.text)
    parts = [_behind_prefix(proxied, link) for link in links]
    assert {part.status_code for part in parts} == {200}
    text = "".join(part.text for part in (page, *parts))
    [url] = set(re.findall(r"""["']([^"'\s]*openapi\.json)["']""", text))
    assert _behind_prefix(proxied, url).json()["openapi"]


@pytest.mark.contract("operations.root-path", "operations.index")
def test_the_links_of_the_index_have_the_prefix(proxied: Host) -> None:
    links = proxied.client.root.get("/").json()
    for name in ("docs", "openapi", "health"):
        assert _behind_prefix(proxied, links[name]).status_code == 200


def _behind_prefix(host: Host, link: str) -> httpx.Response:
    """Follow a link of a page at PREFIX/docs, as a browser and its proxy would."""
    parts = urlsplit(urljoin(f"https://shop.example.com{PREFIX}/docs", link))
    assert parts.path.startswith(f"{PREFIX}/"), f"{link} leaves the prefix"
    path = parts.path.removeprefix(PREFIX) + (f"?{parts.query}" if parts.query else "")
    return host.client.root.get(path)


@pytest.mark.contract("input.too-large-configurable")
def test_the_limit_of_a_body_can_be_raised(owner: Client, document: Document) -> None:
    resource = Resource(owner, document, document.resources[0])
    for size, refused in ((9_000_000, False), (10_000_001, True)):
        body = b'{"no_such_field": "' + b"x" * (size - 21) + b'"}'
        answer = owner.request(
            "POST", resource.path, content=body, headers={"Content-Type": "application/json"}
        )
        if refused:
            expect_problem(answer, 413)
        else:
            assert answer.status_code in (201, 422), answer.status_code
