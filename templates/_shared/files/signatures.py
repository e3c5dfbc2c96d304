"""The first bytes of files, by their type."""

import re

SIGNATURES = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF.{4}WEBP",
    "application/pdf": rb"%PDF-",
    # With files, without, or the first of several parts.
    "application/zip": rb"PK(\x03\x04|\x05\x06|\x07\x08)",
}
HEAD_BYTES = 512


def fits(head: bytes, content_type: str) -> bool:
    """Whether the first bytes of a file fit its type, as far as they tell."""
    found = {known for known, one in SIGNATURES.items() if re.match(one, head, re.DOTALL)}
    if content_type.startswith("text/"):
        return not found and b"\0" not in head
    return content_type in found or content_type not in SIGNATURES
