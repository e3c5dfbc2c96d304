"""Health checks for load balancers."""

import pytest
from django.test import Client

from tests.helpers import database_away


def test_live_without_a_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok"}}


@pytest.mark.django_db
def test_ready_as_soon_as_the_database_is_there(client: Client) -> None:
    with database_away():
        early = client.get("/health/ready")
    assert early.status_code == 503
    assert early.json()["checks"] == {"database": "unavailable"}
    assert client.get("/health/ready").status_code == 200
