"""Pages and search, tested with one resource."""

import pytest
from httpx2 import Client

from app.items.tests import ITEMS as RESOURCE
from tests.helpers import invalid


def test_pages_never_overlap(client: Client) -> None:
    created = {RESOURCE.create(client)["id"] for _ in range(5)}
    pages = [
        client.get(RESOURCE.url, params={"size": 2, "page": page, "sort": "updated_at"}).json()
        for page in (1, 2, 3, 4)
    ]
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert {page["total"] for page in pages} == {5}
    assert {row["id"] for page in pages for row in page["items"]} == created


@pytest.mark.parametrize(("parameter", "value"), [("page", 0), ("size", 0), ("size", 101)])
def test_page_out_of_bounds_is_refused(client: Client, parameter: str, value: int) -> None:
    assert invalid(client.get(RESOURCE.url, params={parameter: value})) == {parameter}


def test_search_ignores_case_beyond_ascii(client: Client) -> None:
    row = RESOURCE.create(client, title="Łódź")
    assert RESOURCE.listed(client, [row], q="łÓDŹ") == [row]


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_search_treats_wildcards_literally(client: Client, sign: str) -> None:
    texts = (f"100{sign} sure", "1000 sure")
    rows = [RESOURCE.create(client, **{"title": text}) for text in texts]
    assert RESOURCE.listed(client, rows, q=f"100{sign}") == rows[:1]
