"""What a load balancer asks."""

from typing import Literal

import structlog
from apiflask import APIBlueprint
from apiflask.types import ResponsesObjectType
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import db

bp = APIBlueprint("health", __name__, url_prefix="/health", tag="health")


class Live(BaseModel):
    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    status: Literal["ok", "unavailable"]
    checks: dict[str, Literal["ok", "unavailable"]]


# No problem: a 503 that has content of its own stays as it is in the document.
NOT_READY: ResponsesObjectType = {
    503: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}}}
}


@bp.get("/live")
@bp.output(Live)
def live() -> Live:
    """The process answers; the database is not asked."""
    return Live()


@bp.get("/ready")
@bp.output(Ready)
@bp.doc(responses=NOT_READY)
def ready() -> tuple[Ready, int]:
    """The process can do its work."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        structlog.get_logger().warning("not ready", error=str(error))
        return Ready(status="unavailable", checks={"database": "unavailable"}), 503
    return Ready(status="ok", checks={"database": "ok"}), 200
