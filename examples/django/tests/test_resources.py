"""Pages and search, tested with one resource."""

import pytest
from rest_framework.test import APIClient

from apps.items.tests import ITEMS as RESOURCE
from tests.helpers import invalid


def test_pages_never_overlap(api: APIClient) -> None:
    created = {RESOURCE.create(api)["id"] for _ in range(5)}
    pages = [
        api.get(RESOURCE.url, {"size": 2, "page": page, "sort": "updated_at"}).json()
        for page in (1, 2, 3, 4)
    ]
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert {page["total"] for page in pages} == {5}
    assert {row["id"] for page in pages for row in page["items"]} == created


@pytest.mark.parametrize(("parameter", "value"), [("page", 0), ("size", 0), ("size", 101)])
def test_page_out_of_bounds_is_refused(api: APIClient, parameter: str, value: int) -> None:
    assert invalid(api.get(RESOURCE.url, {parameter: value})) == {parameter}


def test_search_ignores_case_beyond_ascii(api: APIClient) -> None:
    row = RESOURCE.create(api, title="Łódź")
    assert RESOURCE.listed(api, [row], q="łÓDŹ") == [row]


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_search_treats_wildcards_literally(api: APIClient, sign: str) -> None:
    texts = (f"100{sign} sure", "1000 sure")
    rows = [RESOURCE.create(api, **{"title": text}) for text in texts]
    assert RESOURCE.listed(api, rows, q=f"100{sign}") == rows[:1]
