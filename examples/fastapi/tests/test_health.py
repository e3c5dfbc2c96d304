"""Health checks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from tests.helpers import connect


def test_live_without_a_database(make_app: Callable[[], FastAPI]) -> None:
    response = connect(make_app()).get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready(app: FastAPI) -> None:
    response = connect(app).get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok"}}


def test_ready_once_the_database_is_available(
    make_app: Callable[[], FastAPI],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "late"
    monkeypatch.setattr(settings, "database_url", f"sqlite:///{folder}/app.db")
    client = connect(make_app())
    early = client.get("/health/ready")
    assert early.status_code == 503
    assert early.json()["checks"] == {"database": "unavailable"}
    folder.mkdir()
    assert client.get("/health/ready").status_code == 200
