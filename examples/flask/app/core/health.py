"""Health checks for load balancers."""

from typing import Literal

import structlog
from apiflask import APIBlueprint
from apiflask.types import ResponsesObjectType
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import db

bp = APIBlueprint("health", __name__, url_prefix="/health", tag="health")


class Live(BaseModel):
    status: Literal["ok"] = Field(description="Always ok.")


class Ready(BaseModel):
    status: Literal["ok", "unavailable"] = Field(description="Whether all checks are ok.")
    checks: dict[str, Literal["ok", "unavailable"]] = Field(description="Result of each check.")


# Not a problem: this 503 has a body of its own.
NOT_READY: ResponsesObjectType = {
    503: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}}}
}


@bp.get("/live")
@bp.output(Live)
def live() -> Live:
    """The process is running. The database is not checked."""
    return Live(status="ok")


@bp.get("/ready")
@bp.output(Ready)
@bp.doc(responses=NOT_READY)
def ready() -> tuple[Ready, int]:
    """The service reaches its database."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        structlog.get_logger().warning("not ready", error=str(error))
        return Ready(status="unavailable", checks={"database": "unavailable"}), 503
    return Ready(status="ok", checks={"database": "ok"}), 200
