"""What a load balancer asks."""

from pathlib import Path

import pytest
from apiflask import APIFlask

from app import create_app
from app.core.config import Settings
from tests.helpers import connect


def test_live_without_a_database() -> None:
    response = connect(create_app()).get("/health/live")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_ready(app: APIFlask) -> None:
    response = connect(app).get("/health/ready")
    assert response.status_code == 200
    assert response.get_json() == {"status": "ok", "checks": {"database": "ok"}}


def test_ready_as_soon_as_the_database_is_there(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "late"
    monkeypatch.setattr(settings, "database_url", f"sqlite:///{folder}/app.db")
    app = create_app()
    client = connect(app)
    early = client.get("/health/ready")
    assert early.status_code == 503
    assert early.get_json()["checks"] == {"database": "unavailable"}
    folder.mkdir()
    assert client.get("/health/ready").status_code == 200
