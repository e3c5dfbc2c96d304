"""What a load balancer asks."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.main import create_app, lifespan
from tests.helpers import connect


async def test_live_without_a_database() -> None:
    async with connect(create_app()) as client:
        response = await client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_ready(app: FastAPI) -> None:
    async with connect(app) as client:
        response = await client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok"}}


async def test_ready_as_soon_as_the_database_is_there(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "late"
    monkeypatch.setattr(settings, "database_url", f"sqlite:///{folder}/app.db")
    app = create_app()
    async with lifespan(app), connect(app) as client:
        early = await client.get("/health/ready")
        assert early.status_code == 503
        assert early.json()["checks"] == {"database": "unavailable"}
        folder.mkdir()
        assert (await client.get("/health/ready")).status_code == 200
