"""Entity tags: nobody overwrites a change that they have not seen (RFC 9110, section 13)."""

from django.utils.http import parse_etags
from rest_framework.request import Request

from apps.core.errors import Problem
from apps.core.models import Record


def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record, request: Request) -> None:
    """Raise 412 unless the client knows the newest version, or sends no If-Match."""
    tags = parse_etags(request.headers.get("If-Match", "*"))
    if "*" not in tags and etag(record) not in tags:
        raise Problem(412, "precondition-failed", "The object has changed since you read it.")
