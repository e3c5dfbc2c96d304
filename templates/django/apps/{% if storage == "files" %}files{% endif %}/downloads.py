"""Send files to clients: all of it, the range that is asked for, or nothing new (RFC 9110)."""

from collections.abc import Iterator

import structlog
from django.db.models.fields.files import FieldFile
from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from apps.files.models import File
from apps.files.ranges import find_range, is_known
from apps.files.storage import reaching_storage

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
    if is_known(tag, request.headers.get("If-None-Match")):
        return StreamingHttpResponse(status=304, headers=headers)
    is_head = request.method == "HEAD"
    wanted = None if is_head else request.headers.get("Range")
    part = find_range(file.size, tag, wanted, request.headers.get("If-Range"))
    start, stop = part or (0, file.size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    return StreamingHttpResponse(
        () if is_head else Part(open_at(file, start), stop - start),
        status=206 if part else 200,
        headers=headers
        | {
            "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
            "Content-Length": str(stop - start),
            "Content-Type": file.content_type,
        },
    )


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
