"""Health checks for load balancers."""

from typing import Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import open_session

router = APIRouter(prefix="/health", tags=["health"])
log = structlog.get_logger()


class Live(BaseModel):
    status: Literal["ok"] = Field(description="Always ok.")


class Ready(BaseModel):
    status: Literal["ok", "unavailable"] = Field(description="Whether all checks are ok.")
    checks: dict[str, Literal["ok", "unavailable"]] = Field(description="Result of each check.")


@router.get("/live")
async def live() -> Live:
    """The process is running. The database is not checked."""
    return Live(status="ok")


@router.get("/ready", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """The service reaches its database."""
    try:
        async with open_session(request.app.state.reader) as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        log.warning("not ready", error=str(error))
        response.status_code = 503
        return Ready(status="unavailable", checks={"database": "unavailable"})
    return Ready(status="ok", checks={"database": "ok"})
