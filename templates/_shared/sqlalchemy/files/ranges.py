"""Conditional requests and requests for a range of bytes (RFC 9110, sections 13 and 14)."""

import re

from app.core.errors import Problem

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether the client has these bytes already."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or tags == ["*"]


def find_range(
    size: int, etag: str, wanted: str | None, if_range: str | None
) -> tuple[int, int] | None:
    """The start and the end of the range that the client wants, or None for all bytes.

    Several ranges, and what is no range of bytes, are ignored. One that lies beyond the end is 416.
    """
    match = RANGE.fullmatch((wanted or "").strip())
    if match is None or if_range not in (None, etag):
        return None
    first, last = match.groups()
    if first:
        start, end = int(first), int(last) + 1 if last else size
        if last and end <= start:
            return None
    elif last:
        start, end = max(size - int(last), 0), size if int(last) else 0
    else:
        return None
    if start >= min(end, size):
        headers = {"Content-Range": f"bytes */{size}"}
        raise Problem(416, detail="The range lies beyond the end of the file.", headers=headers)
    return start, min(end, size)
