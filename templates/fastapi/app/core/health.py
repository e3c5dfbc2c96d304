"""What a load balancer asks."""

from typing import Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import open_session

router = APIRouter(prefix="/health", tags=["health"])
log = structlog.get_logger()


class Live(BaseModel):
    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    status: Literal["ok", "unavailable"]
    checks: dict[str, Literal["ok", "unavailable"]]


@router.get("/live")
async def live() -> Live:
    """The process answers; the database is not asked."""
    return Live()


@router.get("/ready", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """The process can do its work."""
    try:
        async with open_session(request.app.state.reader) as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        log.warning("not ready", error=str(error))
        response.status_code = 503
        return Ready(status="unavailable", checks={"database": "unavailable"})
    return Ready(status="ok", checks={"database": "ok"})
