"""The index at / and the health checks."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.helpers import database_away, load_urls_again


def test_root_links_to_docs_health_and_api(client: Client) -> None:
    assert client.get("/").json() == {
        "docs": "/docs",
        "openapi": "/openapi.json",
        "health": "/health/ready",
        "api": "/api/v1",
    }


def test_root_links_have_the_prefix(client: Client, settings: Settings) -> None:
    settings.FORCE_SCRIPT_NAME = "/shop"
    settings.DOCS = False
    load_urls_again(settings)
    assert client.get("/").json() == {"health": "/shop/health/ready", "api": "/shop/api/v1"}


def test_live_does_not_ask_the_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok"}}


@pytest.mark.django_db
def test_ready_again_when_the_database_is_back(client: Client) -> None:
    with database_away():
        early = client.get("/health/ready")
    assert early.status_code == 503
    assert early.json()["checks"] == {"database": "unavailable"}
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/openapi.json", "/docs"])
def test_head_is_answered_like_get(client: Client, path: str) -> None:
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")
