"""Links that download without a login."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from apps.files.links import make_link
from apps.files.models import File
from apps.files.tests.helpers import TEXT, upload
from tests.helpers import invalid, problem


def test_link_downloads_without_a_login(api: APIClient, client: Client) -> None:
    response = api.post(f"{upload(api)}/links", {})
    assert response.status_code == 201
    link = response.json()
    assert link["url"] == response.headers["Location"]
    hour = dt.datetime.fromisoformat(link["expires_at"]) - timezone.now()
    assert dt.timedelta(minutes=59) < hour <= dt.timedelta(hours=1)
    assert client.get(link["url"]).getvalue() == TEXT


@pytest.mark.parametrize("seconds", [0, 604_801, "60", None])
def test_link_lasts_a_week_at_most(api: APIClient, seconds: object) -> None:
    url = f"{upload(api)}/links"
    assert api.post(url, {"expires_in": 604_800}).status_code == 201
    assert invalid(api.post(url, {"expires_in": seconds})) == {"#/expires_in"}


def test_link_expires(api: APIClient, client: Client) -> None:
    upload(api)
    response = client.get(make_link(File.objects.get(), timezone.now()))
    assert problem(response) == (403, "forbidden")
    assert "expired" in response.json()["detail"]


def test_altered_link(api: APIClient, client: Client) -> None:
    first, second = upload(api), upload(api)
    link = api.post(f"{first}/links", {}).json()["url"]
    for altered in (link[:-1], link.partition("=")[0] + "=", link.replace(first, second)):
        assert problem(client.get(altered)) == (403, "forbidden")
    assert invalid(client.get(f"{first}/download")) == {"token"}


def test_link_to_a_deleted_file(api: APIClient, client: Client) -> None:
    link = api.post(f"{upload(api)}/links", {}).json()["url"]
    File.objects.all().delete()
    assert problem(client.get(link)) == (404, "about:blank")
