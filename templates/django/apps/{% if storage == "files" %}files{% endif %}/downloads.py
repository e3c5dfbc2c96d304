"""Send files to clients: all of it, the range that is asked for, or nothing new (RFC 9110)."""

import re
from collections.abc import Iterator

import structlog
from django.db.models.fields.files import FieldFile
from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags
from rest_framework.request import Request

from apps.core.errors import Problem
from apps.files.models import File
from apps.files.storage import reaching_storage

RANGE = re.compile(
    r"bytes=(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<suffix>[0-9]{1,18}))",
    re.IGNORECASE,
)
BLOCK_BYTES = 64 * 1024


class Part:
    """The bytes of a file from where it is on, which the response closes."""

    def __init__(self, content: FieldFile, length: int) -> None:
        self.content, self.length = content, length

    def __iter__(self) -> Iterator[bytes]:
        while block := self.content.read(min(BLOCK_BYTES, self.length)):
            self.length -= len(block)
            yield block

    def close(self) -> None:
        self.content.close()


def send(request: Request, file: File) -> StreamingHttpResponse:
    tag = f'"{file.sha256}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes"}
    if is_known(request, tag):
        return StreamingHttpResponse(status=304, headers=headers)
    part = wanted_part(request, tag, file.size)
    start, stop = part or (0, file.size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    return StreamingHttpResponse(
        () if request.method == "HEAD" else Part(open_at(file, start), stop - start),
        status=206 if part else 200,
        headers=headers
        | {
            "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
            "Content-Length": str(stop - start),
            "Content-Type": file.content_type,
        },
    )


def is_known(request: Request, tag: str) -> bool:
    """Return whether the client says that it has these bytes."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in tags or tag in (one.removeprefix("W/") for one in tags)


def wanted_part(request: Request, tag: str, size: int) -> tuple[int, int] | None:
    """Return where the range of the request begins and ends; None asks for the whole file.

    Several ranges, and what is no range, are answered as if none was asked for. Raises 416 for one
    that has no byte of the file.
    """
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or request.headers.get("If-Range", tag) != tag or not match:
        return None
    if match["suffix"]:
        start, stop = max(size - int(match["suffix"]), 0), size
    else:
        start, stop = int(match["first"]), int(match["last"] or size) + 1
    if stop <= start and match["last"]:
        return None
    stop = min(stop, size)
    if start >= stop:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Problem(416, detail=f"The file has {size} bytes.", headers=headers)
    return start, stop


def open_at(file: File, start: int) -> FieldFile:
    with reaching_storage():
        try:
            content = file.content.open()
        except FileNotFoundError as error:
            # It was deleted meanwhile, or somebody else has deleted the bytes.
            structlog.get_logger().error("bytes of a file are missing", file=str(file.pk))
            raise Http404 from error
        content.seek(start)
    return content
