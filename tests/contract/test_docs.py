"""The documentation page: where its parts come from, and what a browser shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from .browser import Page, browsing, program
from .client import Client
from .expect import expect_problem
from .openapi import Document
from .people import Host, Person
from .programs import skip_without

TYPES = {
    ".js": {"text/javascript", "application/javascript"},
    ".css": {"text/css"},
    ".png": {"image/png"},
}
PARTS = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)="\s*([^"]+?)\s*\"""")


@pytest.fixture(scope="module")
def parts(client: Client) -> list[httpx.URL]:
    """The addresses of the scripts, the style and the icon that the page names."""
    page = client.root.get("/docs")
    return [page.url.join(link.replace("&amp;", "&")) for link in PARTS.findall(page.text)]


def path_of(url: httpx.URL) -> str:
    return url.raw_path.decode("ascii")


@pytest.mark.contract("operations.docs-offline")
def test_the_page_names_scripts_a_style_and_an_icon(parts: list[httpx.URL]) -> None:
    assert {url.path.rpartition(".")[2] for url in parts if "." in url.path} == {"js", "css", "png"}


@pytest.mark.contract("operations.docs-offline")
def test_every_part_of_the_page_comes_from_the_server_itself(
    client: Client, parts: list[httpx.URL]
) -> None:
    for url in parts:
        assert str(url).startswith(f"{client.url}/"), url
        answer = client.root.get(path_of(url))
        assert answer.status_code == 200, url
        suffix = re.search(r"\.\w+$", url.path)
        expected = TYPES[suffix[0] if suffix else ".js"]
        assert answer.headers["content-type"].partition(";")[0] in expected, url


@pytest.mark.contract("operations.docs-offline")
def test_a_browser_need_not_load_a_file_twice(client: Client, parts: list[httpx.URL]) -> None:
    for url in (url for url in parts if "." in url.path):
        stored = client.root.get(path_of(url)).headers
        assert "no-store" not in stored.get("cache-control", ""), url
        asked = {"If-Modified-Since": stored["last-modified"]}
        if "etag" in stored:
            asked["If-None-Match"] = stored["etag"]
        assert client.root.get(path_of(url), headers=asked).status_code == 304, url


@pytest.mark.contract("operations.docs-off")
def test_the_parts_of_a_page_that_is_off_are_not_served(
    limited: Host, parts: list[httpx.URL]
) -> None:
    for url in parts:
        expect_problem(limited.client.root.get(path_of(url)), 404)


@pytest.fixture(scope="module")
def page(client: Client) -> Iterator[Page]:
    """The page in a browser without a network."""
    found = program()
    if found is None:
        skip_without("chromium")
    with browsing(found) as page:
        page.open(f"{client.url}/docs")
        page.wait_for("document.querySelector('.opblock')")
        yield page


@pytest.mark.contract("operations.docs-offline", "headers.security")
def test_a_browser_without_a_network_shows_the_operations(page: Page, document: Document) -> None:
    summaries = {operation.spec["summary"] for operation in document.operations}
    page.wait_for(f"document.querySelectorAll('.opblock').length >= {len(summaries)}")
    shown = page.text()
    assert not [summary for summary in summaries if summary not in shown], shown


@pytest.mark.contract("document.login", "auth.token-form")
@pytest.mark.auth
def test_the_button_authorize_takes_an_email_address_and_a_password(
    page: Page, newcomer: Person
) -> None:
    log_in(page, newcomer.email, "wrong-one-9")
    page.wait_for("document.querySelector('.auth-container .errors')")
    assert "unauthorized" in page.text().lower()
    page.click(".close-modal")
    log_in(page, newcomer.email, newcomer.password)
    page.wait_for("document.querySelector('.auth-container').innerText.includes('Authorized')")
    page.click(".close-modal")
    page.click("[id$=get_me] button")
    page.click("[id$=get_me] .try-out__btn")
    page.click("[id$=get_me] .execute")
    page.wait_for("document.querySelector('[id$=get_me] .live-responses-table')")
    assert newcomer.email in page.text()


def log_in(page: Page, email: str, password: str) -> None:
    """Fill in the dialog as a person would."""
    page.click("button.authorize")
    page.type("#oauth_username", email)
    page.type("#oauth_password", password)
    page.click(".auth-container button.authorize")


@pytest.mark.contract("operations.docs-offline")
def test_a_browser_asks_nobody_else(page: Page, client: Client) -> None:
    asked = {urlsplit(url).netloc for url in page.requests if not url.startswith("data:")}
    assert asked == {urlsplit(client.url).netloc}
