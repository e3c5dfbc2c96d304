"""Entity tags: nobody overwrites a change that they have not seen (RFC 9110, section 13)."""

from rest_framework.request import Request

from apps.core.errors import Problem
from apps.core.models import Record


def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record, request: Request) -> None:
    """Raise 412 unless the client knows the newest version, or sends no If-Match."""
    if_match = request.headers.get("If-Match", "*")
    tags = {tag.strip() for tag in if_match.split(",")}
    if not {"*", etag(record)} & tags:
        raise Problem(412, "precondition-failed", "This has changed since you read it.")
