"""Entity tags, which prevent lost updates (RFC 9110, section 13)."""

from typing import Annotated

from fastapi import Header

from app.core.database import Record
from app.core.errors import Problem

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="ETag of the version that you have read.")
]


def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record, if_match: str | None) -> None:
    """Raise 412 if the client names another version than the newest."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(record) not in {tag.strip() for tag in if_match.split(",")}:
        raise Problem(412, "precondition-failed", "This object has changed since you read it.")
