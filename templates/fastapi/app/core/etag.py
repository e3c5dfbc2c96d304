"""Entity tags: nobody overwrites a change that they have not seen (RFC 9110, section 13)."""

from typing import Annotated

from fastapi import Header

from app.core.database import Record
from app.core.errors import Problem

IfMatch = Annotated[str | None, Header(alias="If-Match")]


def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record, if_match: str | None) -> None:
    """Raise 412 unless the client knows the newest version, or does not ask."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(record) not in {tag.strip() for tag in if_match.split(",")}:
        raise Problem(412, "precondition-failed", "This has changed since you read it.")
