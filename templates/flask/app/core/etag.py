"""Entity tags: nobody overwrites a change that they have not seen (RFC 9110, section 13)."""

from flask import request

from app.core.database import Record
from app.core.errors import Problem


def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record) -> None:
    """Raise 412 unless the client knows the newest version, or does not ask."""
    if "If-Match" in request.headers and not request.if_match.contains_raw(etag(record)):
        raise Problem(412, "precondition-failed", "This has changed since you read it.")
